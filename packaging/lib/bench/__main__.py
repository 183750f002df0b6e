"""The order of a measurement run."""

import argparse
import os
import pathlib
import shutil
import sys

from . import report, shell
from .lamina import Lamina
from .lxc import Lxc
from .lxd import Lxd
from .sections import SECTIONS

BASE = pathlib.Path("/var/tmp/lamina-bench")


def options():
    parser = argparse.ArgumentParser(prog="packaging/bench")
    parser.add_argument("--tree", required=True)
    parser.add_argument("--json", required=True)
    parser.add_argument("--sections", default=",".join(SECTIONS))
    parser.add_argument("--peers", default="lamina,lxc,lxd")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--crowd", type=int, default=50)
    parser.add_argument("--patched", type=int, default=100)
    parser.add_argument("--template", default="debian-12")
    chosen = parser.parse_args()
    for name in chosen.sections.split(","):
        if name not in SECTIONS:
            parser.error("no section %s; there are: %s" % (name, " ".join(SECTIONS)))
    return chosen


def main():
    chosen = options()
    names = chosen.peers.split(",")
    if BASE.exists():
        sys.exit("%s is there: another run, or one that was killed; remove it first" % BASE)
    raise_inotify_limits()
    lamina = Lamina(BASE / "lamina", chosen.tree, chosen.template)
    every = {"lamina": lamina, "lxc": Lxc(BASE / "lxc"), "lxd": Lxd(BASE / "lxd")}
    peers = [every[name] for name in names]
    rows, status = [], 0
    try:
        # Lamina builds the root file system that all of them use, so its daemon always runs.
        lamina.start_daemon()
        print("Building the root file system (%s) ..." % chosen.template, flush=True)
        rootfs = lamina.build_template()
        for peer in peers:
            print("Setting up %s ..." % peer.name, flush=True)
            peer.set_up(rootfs)
        for section in chosen.sections.split(","):
            print("Measuring: %s ..." % section, flush=True)
            try:
                rows.extend(SECTIONS[section](peers, chosen.rounds, chosen.crowd, chosen.patched))
            except shell.CommandFailed as failure:
                print("section %s: %s" % (section, failure), file=sys.stderr)
                status = 1
    except shell.CommandFailed as failure:
        print(failure, file=sys.stderr)
        status = 1
    finally:
        for peer in {lamina, *peers}:
            try:
                peer.tear_down()
            except (shell.CommandFailed, OSError) as failure:
                print("%s was not cleaned up: %s" % (peer.name, failure), file=sys.stderr)
                status = 1
        if not any(str(BASE) in line for line in open("/proc/self/mountinfo", encoding="utf-8")):
            shutil.rmtree(BASE, ignore_errors=True)
    print("\n" + report.table(rows, names))
    print("\nLamina's containers have loopback only; LXC's and LXD's have a veth on a bridge.")
    report.write_json(chosen.json, rows, chosen)
    print("JSON: %s" % chosen.json)
    return status


def raise_inotify_limits():
    """Without this the peers' containers are degraded from the 13th on; Lamina raises them itself."""
    for name, least in (("max_user_instances", 8192), ("max_user_watches", 1048576)):
        path = pathlib.Path("/proc/sys/fs/inotify") / name
        if int(path.read_text()) < least:
            path.write_text("%d\n" % least)


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main())
