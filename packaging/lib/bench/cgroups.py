"""Cgroups for containers whose manager makes none, below one group of its own in each hierarchy."""

import os
import pathlib

BASE = pathlib.Path("/sys/fs/cgroup")
PURE = (BASE / "cgroup.controllers").exists()
MEMORY_LIMIT = "memory.max" if PURE else "memory.limit_in_bytes"


def roots():
    """The hierarchies that systemd uses, and the one of memory."""
    if PURE:
        return [BASE]
    return [root for root in (BASE / "systemd", BASE / "unified", BASE / "memory") if root.is_dir()]


def join(group, number, owner=None):
    """Puts the calling process into a cgroup of its own; on v2 `owner` may divide it further."""
    for root in roots():
        place = root / group / str(number)
        place.mkdir(parents=True, exist_ok=True)
        if owner is not None and (place / "cgroup.subtree_control").exists():
            for path in (place, place / "cgroup.procs", place / "cgroup.subtree_control"):
                os.chown(path, owner, owner)
        (place / "cgroup.procs").write_text(str(os.getpid()))


def memory(group, number):
    """Where the memory limit of a container is."""
    return (BASE if PURE else BASE / "memory") / group / str(number)


def remove(group):
    for root in roots():
        if (root / group).is_dir():
            for directory, _, _ in os.walk(root / group, topdown=False):
                os.rmdir(directory)
