"""Root file systems for managers that have no id-mapped layers."""

import os
import pathlib

from . import shell


def first_subordinate_id():
    """Where root's range of subordinate ids begins: newuidmap allows no other."""
    for line in pathlib.Path("/etc/subuid").read_text().splitlines():
        user, first, count = line.split(":")
        if user == "root" and int(count) >= 65536:
            return int(first)
    raise shell.CommandFailed("/etc/subuid has no range for root; the package uidmap makes one with LXD")


def shift_owners(tree, base):
    """Gives every file to the same user and group, `base` higher, keeping set-id bits."""
    for directory, names, files in os.walk(tree):
        for name in [""] + files + [n for n in names if os.path.islink(os.path.join(directory, n))]:
            path = os.path.join(directory, name) if name else directory
            status = os.lstat(path)
            os.lchown(path, status.st_uid + base, status.st_gid + base)
            if not os.path.islink(path):
                os.chmod(path, status.st_mode & 0o7777)
