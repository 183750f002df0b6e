"""One update for many containers: by Lamina once, and by apt-get inside each of some."""

import json
import os
import statistics
import time

from .. import shell
from ..figures import Row

TEMPLATE = "debian-12-patched"
APT_SAMPLE = 5
MERGEABLE = 5

# What apt would fetch lies in generation 1 already, so that no network is measured.
FETCH = """set -e
apt-get -qq update
apt-get -qq -y --download-only dist-upgrade
eval "$(apt-config shell archives Dir::Cache::archives/d)"
mkdir -p /srv/repo
cp "$archives"/*.deb /srv/repo/
"""

# A user and a package of its own: account tables and dpkg's database have to be merged.
OWN = """set -e
useradd --no-create-home own
mkdir -p /tmp/o/DEBIAN /tmp/o/usr/share/own
printf 'Package: own\\nVersion: 7\\nArchitecture: all\\nMaintainer: Nobody <n@localhost>\\n' >/tmp/o/DEBIAN/control
printf 'Description: a test\\n' >>/tmp/o/DEBIAN/control
echo mine >/tmp/o/usr/share/own/file
dpkg-deb --root-owner-group --build /tmp/o /tmp/o.deb >/dev/null
dpkg -i /tmp/o.deb >/dev/null
rm -rf /tmp/o /tmp/o.deb
"""


def patch(run):
    """Clean running containers in groups of some sizes, some mergeable and some for apt-get beside them."""
    lamina = run.lamina
    prepare(lamina)
    groups, last = [], 0
    for size in run.options.patched:
        groups.append(range(last + 1, last + size + 1))
        last += size
    mergeable = range(last + 1, last + MERGEABLE + 1)
    apt = range(last + MERGEABLE + 1, last + MERGEABLE + APT_SAMPLE + 1)
    everyone = range(1, apt[-1] + 1)
    planned = range(apt[-1] + 1, apt[-1] + run.options.planned + 1)
    made = []
    try:
        for number in planned:
            lamina.create_on(TEMPLATE, number)
            made.append(number)
        for number in everyone:
            lamina.create_on(TEMPLATE, number)
            made.append(number)
            lamina.start(number)
        for number in everyone:
            lamina.await_running(number, 300)
        for number in mergeable:
            lamina.tool("vzctl", "runscript", 1000 + number, lamina.base / "own.sh")
        build = shell.timed(lamina.tool, "vzpkg", "update", "cache", TEMPLATE)
        yield one("patch: next generation", "s", build / 1e3)
        yield from plans(lamina, everyone, "running")
        yield from plans(lamina, planned, "stopped")
        # They have done their part, and would only slow down what is measured next.
        for number in planned:
            lamina.destroy(number)
            made.remove(number)
        spent = {}
        for group in groups:
            spent[len(group)] = yield from rolled_out(lamina, group)
        yield from merged(lamina, mergeable)
        yield from by_apt(lamina, apt, spent)
    finally:
        for number in made:
            lamina.discard(number)


def one(measure, unit, value):
    return Row.of(measure, unit, {"lamina": value})


def plans(lamina, numbers, state):
    if numbers:
        names = [1000 + number for number in numbers]
        cpu = shell.cpu_seconds(lamina.daemon_pid())
        spent = shell.timed(lamina.tool, "vzpkg", "plan", TEMPLATE, *names)
        cpu = shell.cpu_seconds(lamina.daemon_pid()) - cpu
        yield one("patch: plan of %d %s" % (len(names), state), "s", spent / 1e3)
        yield one("patch: CPU of the plan of %d %s" % (len(names), state), "s", cpu)


def prepare(lamina):
    """A template of the base suite alone; the next generation of it will have the updates."""
    lamina.define(TEMPLATE, lamina.shipped, suites=["bookworm"])
    lamina.tool("vzpkg", "create", "cache", TEMPLATE)
    lamina.define(TEMPLATE, lamina.shipped, suites=["bookworm", "bookworm-updates", "bookworm-security"])
    (lamina.base / "fetch.sh").write_text(FETCH)
    (lamina.base / "own.sh").write_text(OWN)
    lamina.tool("vzpkg", "update", "cache", TEMPLATE, "--run", lamina.base / "fetch.sh")


def rolled_out(lamina, numbers):
    """Yields rows; returns the seconds that the roll-out took."""
    size = len(numbers)
    before = {number: lamina.processes(number) for number in numbers}
    cpu = shell.cpu_seconds(lamina.daemon_pid())
    begin = time.monotonic()
    report = roll_out(lamina, numbers)
    took = time.monotonic() - begin
    cpu = shell.cpu_seconds(lamina.daemon_pid()) - cpu
    gone = sum(len(before[number] - lamina.processes(number)) for number in numbers)
    done = [row for row in report if row["outcome"] == "DONE" and row["way"] == "live"]
    if len(done) != size:
        raise shell.CommandFailed("moved %d of %d: %s" % (len(done), size, report))
    print("  load %.1f, %d containers" % (os.getloadavg()[0], size), flush=True)
    pauses = [row["readOnlyMicros"] / 1e3 for row in done]
    yield one("patch: roll-out of %d" % size, "s", took)
    yield one("patch: CPU of the daemon of %d" % size, "s", cpu)
    yield one("patch: read-only of %d" % size, "ms", pauses)
    yield one("patch: read-only worst of %d" % size, "ms", max(pauses))
    yield one("patch: processes ended of %d" % size, "", gone)
    return took


def merged(lamina, numbers):
    report = roll_out(lamina, numbers)
    for number in numbers:
        lamina.execute(number, "sh", "-ec", "dpkg -s own >/dev/null; test -z \"$(dpkg --audit)\"")
    times = [row["millis"] / 1e3 for row in report if row["outcome"] == "DONE"]
    if len(times) != len(numbers):
        raise shell.CommandFailed("mergeable: %s" % report)
    yield one("patch: each mergeable", "s", times)


def by_apt(lamina, numbers, spent):
    """The same packages from files inside the container, so that apt reads no index either."""
    command = "DEBIAN_FRONTEND=noninteractive apt-get -qq -y install /srv/repo/*.deb"
    times = [
        shell.timed(lamina.execute, number, "sh", "-c", command + " >/dev/null 2>&1") / 1e3
        for number in numbers
    ]
    each = statistics.mean(times)
    yield one("apt-get: each container", "s", times)
    for size, seconds in spent.items():
        yield one("apt-get one by one of %d" % size, "s", each * size)
        yield one("apt-get / patch of %d" % size, "times", each * size / seconds)


def roll_out(lamina, numbers):
    said = lamina.tool(
        "vzpkg", "rollout", TEMPLATE, "-j", "--waves", "100%", "--restart-services", "never",
        *(1000 + number for number in numbers), accept=(0, 22),
    )
    return json.loads(said)
