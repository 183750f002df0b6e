"""Which of Debian's packages make the system, what they are called there, and what is left out."""

import re

# What a person would ask for; dependencies come by themselves.
SYSTEM = """
bash bsdutils coreutils cron dbus debianutils diffutils findutils grep gzip hostname iproute2 iputils-ping
less libc-bin libnss-myhostname libpam-systemd login logrotate mawk mount ncurses-base ncurses-bin netbase
openssh-server passwd procps rpm rsyslog sed systemd-sysv tar util-linux vim-tiny
""".split()

# In the repository, but not in a minimal system: dnf and its versionlock bring a Python.
MORE = ["dnf", "dnf-plugins-core"]

# Debian's own administration: its work is done by rpm, or by the packages that base.py makes.
DROPPED = set(
    """
adduser apt base-files base-passwd cdebconf debconf debconf-2.0 debugedit default-logind dirmngr dpkg
gnupg gnupg2 gpgv init-system-helpers install-info logind lsb-base media-types perl perl-base perl:any
pinentry-curses python3-distutils runit-helper sensible-utils sysvinit-utils ucf usr-is-merged usrmerge
vim-runtime
""".split()
)

# Dependencies that Debian leaves to "essential".
NEEDED = {
    "libc6": ["glibc-common"],
    "bash": ["coreutils", "ncurses-base"],
    "util-linux": ["bsdutils"],
    "passwd": ["glibc-common"],
    "systemd": ["grep", "sed"],
}

# Names as the distributions of the family have them, so that a definition reads like one of theirs.
RENAMED = {
    "cron": "cronie",
    "iproute2": "iproute",
    "iputils-ping": "iputils",
    "libc6": "glibc",
    "libc-bin": "glibc-common",
    "libssl3": "openssl-libs",
    "login": "util-linux-login",
    "mount": "util-linux-mount",
    "passwd": "shadow-utils",
    "procps": "procps-ng",
    "vim-tiny": "vim-minimal",
    "zlib1g": "zlib",
}

# Left out: what nobody runs in a test, and what belongs to Debian's administration.
_UNWANTED = re.compile(
    r"usr/share/(doc|man|locale|info|lintian|bug|doc-base|bash-completion|zsh|perl5/debconf|debconf)(/|$)"
    r"|etc/(init\.d|sv|runit|ufw|logcheck|dpkg|apt|update-motd\.d|rc.\.d)(/|$)"
    r"|usr/lib/(udev/hwdb\.d|init)(/|$)|usr/lib/python3.*/(test|lib2to3|idlelib)(/|$)|usr/lib/.*/gconv/.*-IBM"
)


def wanted(path):
    return not _UNWANTED.match(path)


def renamed(name):
    return RENAMED.get(name, name)


# Units that an installed system starts, by package.
UNITS = {
    "cron": ["cron.service"],
    "dbus": ["dbus.socket"],
    "openssh-server": ["ssh.service"],
    "rsyslog": ["rsyslog.service"],
}

# File capabilities, by path.
CAPABILITIES = {"usr/bin/ping": "cap_net_raw=ep"}

# System users that a package makes before its files come: name, home, shell.
USERS = {
    "dbus-daemon": [("messagebus", "/nonexistent")],
    "openssh-server": [("sshd", "/run/sshd")],
    "rsyslog": [("syslog", "/nonexistent")],
}

# Commands with several providers: link, name, path, priority.
ALTERNATIVES = {
    "less": [("/usr/bin/pager", "pager", "/usr/bin/less", 77)],
    "mawk": [("/usr/bin/awk", "awk", "/usr/bin/mawk", 5)],
    "vim-tiny": [("/usr/bin/vi", "vi", "/usr/bin/vim.tiny", 15), ("/usr/bin/vim", "vim", "/usr/bin/vim.tiny", 15)],
}

# Configuration that Debian copies into place when it installs: from, to, mode.
CONFIGURATION = {"openssh-server": [("usr/share/openssh/sshd_config", "etc/ssh/sshd_config", 0o600)]}

# Links that Debian makes in scripts or in other packages.
LINKS = {"bash": [("usr/bin/sh", "bash")]}

# Objects that scriptlets or programs make, which the package owns all the same.
GHOSTS = {"libc-bin": ["etc/ld.so.cache"]}
