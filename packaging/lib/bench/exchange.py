"""The mount calls of a live exchange alone, as a program for a mount namespace of its own.

Prints the milliseconds that each of some exchanges took: an overlay made over the lower directory,
moved over the one in use, and the old one detached. See mount(2).
"""

import ctypes
import json
import os
import pathlib
import sys
import time

MS_MOVE, MNT_DETACH = 0x2000, 2
LIBC = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    if getattr(LIBC, function)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), function)


def overlay(lower, home, place):
    layers = "lowerdir=%s,upperdir=%s,workdir=%s" % (lower, home / "upper", home / "work")
    call("mount", b"overlay", os.fsencode(place), b"overlay", ctypes.c_ulong(0), os.fsencode(layers))


def main(lower, base, count):
    took = []
    for number in range(count):
        for generation in ("old", "new"):
            home = base / str(number) / generation
            for name in ("upper", "work", "root"):
                (home / name).mkdir(parents=True)
        old, new = base / str(number) / "old", base / str(number) / "new"
        overlay(lower, old, old / "root")
        begin = time.monotonic_ns()
        overlay(lower, new, new / "root")
        call("umount2", os.fsencode(old / "root"), MNT_DETACH)
        call("mount", os.fsencode(new / "root"), os.fsencode(old / "root"), None, ctypes.c_ulong(MS_MOVE), None)
        took.append((time.monotonic_ns() - begin) / 1e6)
    print(json.dumps(took))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3]))
