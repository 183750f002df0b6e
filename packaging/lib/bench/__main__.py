"""The order of a measurement run."""

import argparse
import os
import pathlib
import shutil
import sys

from . import chart, report, shell
from .floor import Floor
from .lamina import Lamina
from .lxc import Lxc
from .lxd import Incus, Lxd
from .nspawn import Nspawn
from .run import Run
from .sections import SECTIONS

BASE = pathlib.Path("/var/tmp/lamina-bench")
PEERS = ("lamina", "lxc", "lxd", "incus", "nspawn", "floor")
# Distributions that have no Incus are compared without it, unless it is asked for.
ABSENT = set() if Incus.available() else {"incus"}
# One waits for minutes, one takes a quarter of an hour and most of the memory: asked for by name.
NOT_BY_ITSELF = {"daemon", "scale"}
LAMINA_ALONE = {"daemon", "patch", "scale"}


def numbers(text):
    return [int(word) for word in text.split(",")]


def options():
    usual = [name for name in SECTIONS if name not in NOT_BY_ITSELF]
    parser = argparse.ArgumentParser(prog="packaging/bench")
    parser.add_argument("--tree", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--out", required=True, help="directory for bench.json, bench.md and pictures")
    parser.add_argument("--sections", default=",".join(usual), help="of: " + ",".join(SECTIONS))
    parser.add_argument("--peers", default=",".join(name for name in PEERS if name not in ABSENT), help="of: " + ",".join(PEERS))
    parser.add_argument("--rounds", type=int, default=15, help="of the alternating sections")
    parser.add_argument("--lists", type=numbers, default=[1, 100, 1000], help="sizes of the section lists")
    parser.add_argument("--crowds", type=numbers, default=[10, 50, 100, 200], help="sizes of the section crowd")
    parser.add_argument("--patched", type=numbers, default=[1, 10, 100], help="sizes of the section patch")
    parser.add_argument("--planned", type=int, default=1000, help="stopped containers that patch plans for")
    parser.add_argument("--scale", type=int, default=1000, help="most containers of the section scale")
    parser.add_argument("--template", default="debian-12", help="whose packages everyone uses")
    chosen = parser.parse_args()
    for kind, known in (("sections", SECTIONS), ("peers", PEERS)):
        for name in getattr(chosen, kind).split(","):
            if name not in known:
                parser.error("no %s in %s; there are: %s" % (name, kind, " ".join(known)))
            if name in ABSENT:
                parser.error("%s is not installed, and apt has no package of it" % name)
    alone = LAMINA_ALONE.intersection(chosen.sections.split(","))
    if alone and "lamina" not in chosen.peers.split(","):
        parser.error("%s: about lamina alone, which is not in peers" % ", ".join(sorted(alone)))
    return chosen


def main():
    chosen = options()
    names = chosen.peers.split(",")
    if BASE.exists():
        sys.exit("%s is there: another run, or one that was killed; remove it first" % BASE)
    raise_inotify_limits()
    lamina = Lamina(BASE / "lamina", chosen.tree, chosen.template)
    every = {
        "lamina": lamina,
        "lxc": Lxc(BASE / "lxc"),
        "lxd": Lxd(BASE / "lxd"),
        "incus": Incus(BASE / "incus"),
        "nspawn": Nspawn(BASE / "nspawn"),
        "floor": Floor(BASE / "floor"),
    }
    peers = [every[name] for name in names]
    rows, failures = [], []
    try:
        # Lamina builds the root file system that all of them use, so its daemon always runs.
        lamina.start_daemon()
        print("Building the root file system (%s) ..." % chosen.template, flush=True)
        rootfs = lamina.build_template()
        for peer in peers:
            print("Setting up %s ..." % peer.name, flush=True)
            peer.set_up(rootfs)
        run = Run(peers, BASE / "sections", rootfs, chosen)
        for section in chosen.sections.split(","):
            print("Measuring: %s ..." % section, flush=True)
            try:
                rows.extend(SECTIONS[section](run))
            except shell.CommandFailed as failure:
                failures.append("section %s: %s" % (section, failure))
                print(failures[-1], file=sys.stderr, flush=True)
            # After each: a run takes an hour, and what was measured must outlive its interruption.
            write(rows, [*names, "host"], chosen)
    except shell.CommandFailed as failure:
        failures.append(str(failure))
    finally:
        failures.extend(tidy({lamina, *peers}))
    write(rows, [*names, "host"], chosen)
    print("\n%s\n" % report.machine())
    print(report.table(rows, [*names, "host"]))
    print("\nWritten to %s: bench.json, bench.md, bench.svg" % chosen.out)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def tidy(peers):
    """Removes every trace; yields what could not be removed."""
    for peer in peers:
        try:
            peer.tear_down()
        except (shell.CommandFailed, OSError) as failure:
            yield "%s was not cleaned up: %s" % (peer.name, failure)
    if not any(str(BASE) in line for line in open("/proc/self/mountinfo", encoding="utf-8")):
        shutil.rmtree(BASE, ignore_errors=True)


def write(rows, names, chosen):
    out = pathlib.Path(chosen.out)
    report.write_json(out / "bench.json", rows, chosen)
    report.write(out / "bench.md", "%s\n\n%s\n" % (report.machine(), report.markdown(rows, names)))
    chart.ratios(out / "bench.svg", rows)


def raise_inotify_limits():
    """Without this the peers' containers are degraded from the 13th on; Lamina raises them itself."""
    for name, least in (("max_user_instances", 8192), ("max_user_watches", 1048576)):
        path = pathlib.Path("/proc/sys/fs/inotify") / name
        if int(path.read_text()) < least:
            path.write_text("%d\n" % least)


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main())
