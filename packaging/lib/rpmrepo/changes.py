"""What the second state changes in packages that come from Debian."""

import os

# Release suffix of a changed package.
SUFFIX = ".1"


def library(root, package):
    """A new file of the library under a new name, which the link of its soname then shows."""
    directory = os.path.join(root, "usr/lib/x86_64-linux-gnu")
    old = next(n for n in sorted(os.listdir(directory)) if n.startswith("libz.so.1."))
    new = old + ".1"
    os.rename(os.path.join(directory, old), os.path.join(directory, new))
    os.remove(os.path.join(directory, "libz.so.1"))
    os.symlink(new, os.path.join(directory, "libz.so.1"))
    mark(os.path.join(directory, new))
    rename(package, "usr/lib/x86_64-linux-gnu/" + old, "usr/lib/x86_64-linux-gnu/" + new)


def programs(root, package):
    """Other bytes in every program: a trailer that no loader reads."""
    for path, _ in package.files:
        target = os.path.join(root, path)
        if path.startswith(("usr/bin/", "usr/sbin/")) and not os.path.islink(target):
            mark(target)


def sshd_config(root, package):
    """A changed default in a configuration file that many systems have edited."""
    with open(os.path.join(root, "etc/ssh/sshd_config"), "a", encoding="ascii") as out:
        out.write("\n# since this release\nMaxAuthTries 4\n")
    programs(root, package)


# Versions that only containers install: one newer than any of the template's, one older.
OWN = {"zlib1g": "9.9", "less": "99"}

# By package name: what is done to its content.
CHANGED = {"zlib1g": library, "less": programs, "iputils-ping": programs, "openssh-server": sshd_config}


def mark(file):
    with open(file, "rb") as old:
        content = old.read()
    # A new file: the old one may have other names.
    os.remove(file)
    with open(file, "wb") as out:
        out.write(content + b"\0changed by an update\0")
    os.chmod(file, 0o755)


def rename(package, old, new):
    package.files = [(new if path == old else path, attributes) for path, attributes in package.files]
