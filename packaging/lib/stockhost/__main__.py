"""From packages to a table of what was seen on each release."""

import argparse
import os
import pathlib
import shutil
import signal
import sys
import time

from . import shell
from .archive import Archive
from .image import Image, copy, make_disk, needed_by
from .machine import Machine, accelerator
from .release import RELEASES, Mirrors
from .suite import Suite

BASE = pathlib.Path("/var/tmp/lamina-stock-host")
# Of what is kept between runs: images and packages. More is thrown away at the next start.
KEPT_BYTES = 4 << 30


def options():
    parser = argparse.ArgumentParser(prog="packaging/stock-host")
    parser.add_argument("--deb", required=True, type=pathlib.Path)
    parser.add_argument("--logs", required=True, type=pathlib.Path)
    parser.add_argument("--release", choices=sorted(RELEASES), action="append")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--limit", type=int, default=120)
    parser.add_argument("--checks", type=lambda names: names.split(","))
    parser.add_argument("--cut-after", type=int, default=8)
    return parser.parse_args()


class OutOfTime(BaseException):
    """The run's time is over. Nobody who retries after a failure may catch it by accident."""


def main():
    chosen = options()
    releases = sorted(RELEASES) if chosen.all else chosen.release or ["12"]
    BASE.mkdir(mode=0o755, exist_ok=True)
    if used(BASE) > KEPT_BYTES:
        shutil.rmtree(BASE)
        BASE.mkdir(mode=0o755)
    chosen.logs.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    failed = False
    archive = None
    try:
        mirrors = Mirrors()
        archive = Archive(mirrors, BASE / "archive")
        key = make_key()
        debs = parcel(chosen.deb)
        for release in releases:
            failed = not try_release(release, mirrors, archive, key, debs, chosen) or failed
    except shell.CommandFailed as failure:
        print(failure, file=sys.stderr)
        failed = True
    finally:
        if archive:
            archive.close()
        if not chosen.keep:
            shutil.rmtree(BASE, ignore_errors=True)
    return 1 if failed else 0


def try_release(release, mirrors, archive, key, debs, chosen):
    """True if everything went well on a host of this release."""
    begun = time.monotonic()
    image = Image(BASE, release, needed_by(chosen.deb) if chosen.quick else ())
    if not image.complete():
        image.build(mirrors, archive, key.with_suffix(".pub").read_text())
        print("Debian %s: image built (%d s)" % (release, time.monotonic() - begun), flush=True)
    run = BASE / ("run-" + release)
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir()
    copy(image.disk, run / "disk")
    accelerate = accelerator(image, run / "probe.log")
    print("Debian %s: %s" % (release, "KVM" if "kvm" in accelerate else "software emulation"), flush=True)
    machine = Machine(image, run / "disk", BASE / "parcel", key, run, accelerate)
    suite = Suite(machine, archive, debs, chosen.cut_after, chosen.quick)
    signal.signal(signal.SIGALRM, out_of_time)
    log = open(chosen.logs / ("debian-%s.log" % release), "w", encoding="utf-8")
    machine.log = log
    passed = False
    try:
        passed = run_checks(wanted(suite, chosen.checks), suite, log, chosen.limit)
    finally:
        signal.alarm(0)
        machine.end()
        if not passed:
            shutil.copyfile(machine.serial, chosen.logs / ("debian-%s.serial" % release))
            print("Logs: %s/debian-%s.{log,serial}" % (chosen.logs, release), flush=True)
        log.close()
        shutil.rmtree(run, ignore_errors=True)
    print("Debian %s: %s in %d min" % (release, "passed" if passed else "FAILED", (time.monotonic() - begun) / 60), flush=True)
    return passed


def wanted(suite, names):
    """The checks in their order: all, or those that were named."""
    known = [check.__name__ for check, _ in suite.checks()]
    strange = set(names or []) - set(known)
    if strange:
        raise shell.CommandFailed("no such check: %s; there are %s" % (", ".join(sorted(strange)), ", ".join(known)))
    return [(check, vital) for check, vital in suite.checks() if not names or check.__name__ in names]


def run_checks(checks, suite, log, minutes):
    good, end = True, time.monotonic() + minutes * 60
    for check, vital in checks:
        start = time.monotonic()
        signal.alarm(max(1, int(end - start)))
        log.write("\n=== %s\n" % check.__doc__)
        try:
            verdict, said = "passed", check()
        except shell.CommandFailed as failure:
            verdict, said, good = "FAILED", str(failure), False
        except OutOfTime as over:
            verdict, said, good, vital = "FAILED", str(over), False, True
        print("  %-6s %5d s  %s: %s" % (verdict, time.monotonic() - start, check.__doc__, said), flush=True)
        if verdict == "FAILED":
            signal.alarm(0)  # what is collected now has limits of its own
            log.write(said + "\n" + suite.evidence())
            if vital:
                print("  what follows was not tried", flush=True)
                break
    return good


def out_of_time(*_):
    raise OutOfTime("the time limit of the whole run is over (--limit)")


def make_key():
    """The key by which this program logs in; made once, as it is part of the images."""
    key = BASE / "key"
    if not key.exists():
        shell.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "stock-host", "-f", key, timeout=60)
    return key


def parcel(deb):
    """A disk with the package and a newer one of the same content; their file names."""
    stage = BASE / "parcel.d"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    shutil.copy(deb, stage / "lamina.deb")
    shell.run("dpkg-deb", "--raw-extract", deb, stage / "newer", timeout=120)
    control = stage / "newer/DEBIAN/control"
    lines = control.read_text().splitlines()
    control.write_text("\n".join(line + "+newer" if line.startswith("Version:") else line for line in lines) + "\n")
    shell.run("dpkg-deb", "--root-owner-group", "-Zzstd", "-z3", "--build", stage / "newer", stage / "lamina-newer.deb", timeout=120)
    shutil.rmtree(stage / "newer")
    size = sum(file.stat().st_size for file in stage.iterdir())
    make_disk(BASE / "parcel", size + (32 << 20), "-d", stage)
    shutil.rmtree(stage)
    return ["lamina.deb", "lamina-newer.deb"]


def used(directory):
    return sum(entry.stat().st_blocks * 512 for entry in directory.rglob("*") if entry.is_file() and not entry.is_symlink())


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main())
