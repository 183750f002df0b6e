"""The packages that Debian has no counterpart of: directories, accounts, release, alternatives."""

import os

from . import convert
from .spec import Package

_MERGED = {"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"}

_SYSTEM_USERS = [
    ("root", 0, 0, "/root", "/bin/bash"),
    ("bin", 1, 1, "/bin", "/usr/sbin/nologin"),
    ("daemon", 2, 2, "/sbin", "/usr/sbin/nologin"),
    ("mail", 8, 12, "/var/spool/mail", "/usr/sbin/nologin"),
    ("nobody", 65534, 65534, "/", "/usr/sbin/nologin"),
]
_GROUPS = {
    "root": 0,
    "bin": 1,
    "daemon": 2,
    "sys": 3,
    "adm": 4,
    "tty": 5,
    "disk": 6,
    "mail": 12,
    "utmp": 22,
    "cdrom": 11,
    "dialout": 18,
    "shadow": 42,
    "users": 100,
    "nobody": 65534,
}
_OWN = "%verify(not md5 size mtime) %config(noreplace)"

_FILES = {
    "etc/passwd": (
        "".join("%s:x:%d:%d:%s:%s:%s\n" % (u[0], u[1], u[2], u[0], u[3], u[4]) for u in _SYSTEM_USERS),
        _OWN + " %attr(0644,root,root)",
    ),
    "etc/group": ("".join("%s:x:%d:\n" % g for g in _GROUPS.items()), _OWN + " %attr(0644,root,root)"),
    "etc/shadow": (
        "".join("%s:*:19000:0:99999:7:::\n" % u[0] for u in _SYSTEM_USERS),
        _OWN + " %attr(0640,root,shadow)",
    ),
    "etc/gshadow": ("".join("%s:::\n" % g for g in _GROUPS), _OWN + " %attr(0640,root,shadow)"),
    "etc/shells": ("/bin/sh\n/bin/bash\n", "%config(noreplace) %attr(0644,root,root)"),
    "etc/hosts": ("127.0.0.1 localhost\n::1 localhost\n", _OWN + " %attr(0644,root,root)"),
    "etc/host.conf": ("multi on\n", "%config(noreplace) %attr(0644,root,root)"),
    "etc/environment": ("", "%config(noreplace) %attr(0644,root,root)"),
    "etc/motd": ("", "%config(noreplace) %attr(0644,root,root)"),
    "etc/fstab": ("", _OWN + " %attr(0644,root,root)"),
    "etc/profile": (
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nexport PATH\n'
        'for i in /etc/profile.d/*.sh; do [ ! -r "$i" ] || . "$i"; done\nunset i\n',
        "%config(noreplace) %attr(0644,root,root)",
    ),
    "etc/nsswitch.conf": (
        "passwd: files\ngroup: files\nshadow: files\ngshadow: files\nhosts: files myhostname dns\n"
        "networks: files\nprotocols: files\nservices: files\n",
        "%config(noreplace) %attr(0644,root,root)",
    ),
    "etc/pam.d/common-auth": (
        "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n",
        "%config(noreplace) %attr(0644,root,root)",
    ),
    "etc/pam.d/common-account": (
        "account [success=1 default=ignore] pam_unix.so\naccount requisite pam_deny.so\naccount required pam_permit.so\n",
        "%config(noreplace) %attr(0644,root,root)",
    ),
    "etc/pam.d/common-password": (
        "password [success=1 default=ignore] pam_unix.so obscure yescrypt\npassword requisite pam_deny.so\n"
        "password required pam_permit.so\n",
        "%config(noreplace) %attr(0644,root,root)",
    ),
    "etc/pam.d/common-session": (
        "session required pam_unix.so\nsession optional pam_systemd.so\n",
        "%config(noreplace) %attr(0644,root,root)",
    ),
    "etc/pam.d/common-session-noninteractive": (
        "session required pam_unix.so\n",
        "%config(noreplace) %attr(0644,root,root)",
    ),
}

_OS_RELEASE = """NAME="Lamina Test Enterprise Linux"
VERSION="9"
ID="laminatest"
ID_LIKE="rhel centos fedora"
VERSION_ID="9"
PLATFORM_ID="platform:el9"
PRETTY_NAME="Lamina Test Enterprise Linux 9"
"""

# The database lies where EL 9 has it; Debian's rpm alone would put it into root's home.
_MACROS = "%_dbpath %{_var}/lib/rpm\n%_db_backend sqlite\n%rhel 9\n%dist .el9\n"

_PRESETS = "enable cron.service\nenable dbus.socket\nenable ssh.service\nenable rsyslog.service\ndisable *\n"

# Debian's tool with the names and the directory that this family uses.
_ALTERNATIVES = '#!/bin/sh\nexec /usr/libexec/alternatives --admindir /var/lib/alternatives --log /dev/null "$@"\n'


def packages(debs, root_of):
    """The base packages; their content is written below root_of(name)."""
    return [
        filesystem(root_of("filesystem")),
        setup(root_of("setup")),
        release(root_of("laminatest-release")),
        alternatives(debs["dpkg"], root_of("alternatives")),
    ]


def write(root, path, text, mode=0o644, when=1700000000):
    target = os.path.join(root, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", encoding="utf-8") as out:
        out.write(text)
    os.chmod(target, mode)
    os.utime(target, (when, when))


def filesystem(root):
    files = []
    for path in sorted(convert.COMMON):
        os.makedirs(os.path.join(root, path), exist_ok=True)
        mode = {"tmp": 0o1777, "var/tmp": 0o1777, "root": 0o700, "var/mail": 0o2775, "proc": 0o555, "sys": 0o555}
        group = "mail" if path == "var/mail" else "root"
        # What a container has mounted there is not the package's business.
        verify = "%verify(not mode user group) " if path in ("dev", "proc", "sys") else ""
        files.append((path, verify + "%%dir %%attr(%04o,root,%s)" % (mode.get(path, 0o755), group)))
    for path, target in {**_MERGED, "var/run": "../run", "var/lock": "../run/lock"}.items():
        os.symlink(target, os.path.join(root, path))
        files.append((path, ""))
    return Package("filesystem", "3.16", "2.el9", "The basic directory layout", requires=["setup"], files=files)


def setup(root):
    for path, (text, _) in _FILES.items():
        write(root, path, text)
    files = [(path, attributes) for path, (_, attributes) in _FILES.items()]
    return Package("setup", "2.13.7", "10.el9", "Accounts and basic configuration", files=files, noarch=True)


def release(root):
    write(root, "usr/lib/os-release", _OS_RELEASE)
    write(root, "etc/redhat-release", "Lamina Test Enterprise Linux release 9\n")
    write(root, "etc/rpm/macros.dist", _MACROS)
    write(root, "usr/lib/systemd/system-preset/85-laminatest.preset", _PRESETS)
    os.symlink("../usr/lib/os-release", os.path.join(root, "etc/os-release"))
    plain = "%attr(0644,root,root)"
    return Package(
        "laminatest-release",
        "9.0",
        "1.el9",
        "Release of the test distribution",
        provides=["system-release = 9", "redhat-release = 9"],
        requires=["filesystem"],
        files=[
            ("usr/lib/os-release", plain),
            ("etc/redhat-release", plain),
            ("etc/rpm", "%dir %attr(0755,root,root)"),
            ("etc/rpm/macros.dist", "%config " + plain),
            ("usr/lib/systemd/system-preset/85-laminatest.preset", plain),
            ("etc/os-release", ""),
        ],
        noarch=True,
    )


def alternatives(dpkg, root):
    unpacked = root + ".dpkg"
    dpkg.unpack(unpacked)
    os.makedirs(os.path.join(root, "usr/libexec"))
    os.rename(os.path.join(unpacked, "usr/bin/update-alternatives"), os.path.join(root, "usr/libexec/alternatives"))
    write(root, "usr/sbin/alternatives", _ALTERNATIVES)
    os.symlink("alternatives", os.path.join(root, "usr/sbin/update-alternatives"))
    for path in ("etc/alternatives", "var/lib/alternatives"):
        os.makedirs(os.path.join(root, path))
    program = "%attr(0755,root,root)"
    return Package(
        "alternatives",
        "1.24",
        "1.el9",
        "Symbolic links for default commands",
        requires=["glibc", "bash"],
        provides=["/usr/sbin/update-alternatives"],
        files=[
            ("usr/libexec/alternatives", program),
            ("usr/sbin/alternatives", program),
            ("usr/sbin/update-alternatives", ""),
            ("etc/alternatives", "%dir " + program),
            ("var/lib/alternatives", "%dir " + program),
        ],
    )
