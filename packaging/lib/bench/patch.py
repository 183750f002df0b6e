"""One update for many containers: by Lamina once, and by apt-get inside each of some."""

import json
import os
import statistics
import time

from . import shell

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


def patch(peers, rounds, crowd, patched):
    """`patched` clean running containers, some mergeable and some for apt-get beside them."""
    lamina = next(peer for peer in peers if peer.name == "lamina")
    lamina.define(TEMPLATE, ["bookworm"])
    lamina.tool("vzpkg", "create", "cache", TEMPLATE)
    lamina.define(TEMPLATE, ["bookworm", "bookworm-updates", "bookworm-security"])
    fetch, own = lamina.base / "fetch.sh", lamina.base / "own.sh"
    fetch.write_text(FETCH)
    own.write_text(OWN)
    lamina.tool("vzpkg", "update", "cache", TEMPLATE, "--run", fetch)
    clean = range(1, patched + 1)
    mergeable = range(patched + 1, patched + MERGEABLE + 1)
    apt = range(patched + MERGEABLE + 1, patched + MERGEABLE + APT_SAMPLE + 1)
    everyone = [*clean, *mergeable, *apt]
    made = []
    try:
        for number in everyone:
            lamina.create_on(TEMPLATE, number)
            made.append(number)
            lamina.start(number)
        for number in everyone:
            lamina.await_running(number, 300)
        for number in mergeable:
            lamina.tool("vzctl", "runscript", 1000 + number, own)
        build = shell.timed(lamina.tool, "vzpkg", "update", "cache", TEMPLATE)
        yield "patch: next generation", "s", {"lamina": build / 1e3}
        planning = shell.timed(lamina.tool, "vzpkg", "plan", TEMPLATE)
        yield "patch: plan of all", "s", {"lamina": planning / 1e3}
        yield from rolled_out(lamina, clean)
        yield from merged(lamina, mergeable)
        yield from by_apt(lamina, apt, patched)
    finally:
        for number in made:
            lamina.discard(number)


def rolled_out(lamina, numbers):
    before = {number: lamina.processes(number) for number in numbers}
    cpu = cpu_seconds(lamina.daemon_pid())
    begin = time.monotonic()
    report = roll_out(lamina, numbers)
    took = time.monotonic() - begin
    cpu = cpu_seconds(lamina.daemon_pid()) - cpu
    gone = sum(len(before[number] - lamina.processes(number)) for number in numbers)
    done = [row for row in report if row["outcome"] == "DONE" and row["way"] == "live"]
    if len(done) != len(numbers):
        raise shell.CommandFailed("moved %d of %d: %s" % (len(done), len(numbers), report))
    rolled_out.seconds = took
    pauses = [row["readOnlyMicros"] / 1e3 for row in done]
    print("  load %.1f, %d containers" % (os.getloadavg()[0], len(numbers)), flush=True)
    yield "patch: roll-out", "s", {"lamina": took}
    yield "patch: CPU of the daemon", "s", {"lamina": cpu}
    yield "patch: read-only median", "ms", {"lamina": statistics.median(pauses)}
    yield "patch: read-only worst", "ms", {"lamina": max(pauses)}
    yield "patch: processes ended", "", {"lamina": gone}


def merged(lamina, numbers):
    report = roll_out(lamina, numbers)
    for number in numbers:
        lamina.execute(number, "sh", "-ec", "dpkg -s own >/dev/null; test -z \"$(dpkg --audit)\"")
    times = [row["millis"] for row in report if row["outcome"] == "DONE"]
    if len(times) != len(numbers):
        raise shell.CommandFailed("mergeable: %s" % report)
    yield "patch: each mergeable", "s", {"lamina": statistics.median(times) / 1e3}


def by_apt(lamina, numbers, patched):
    """The same packages from files inside the container, so that apt reads no index either."""
    command = "DEBIAN_FRONTEND=noninteractive apt-get -qq -y install /srv/repo/*.deb"
    times = [
        shell.timed(lamina.execute, number, "sh", "-c", command + " >/dev/null 2>&1") / 1e3
        for number in numbers
    ]
    each = statistics.mean(times)
    yield "apt-get: each container", "s", {"lamina": each}
    yield "apt-get: all, one by one", "s", {"lamina": each * patched}
    yield "apt-get / patch", "times", {"lamina": each * patched / rolled_out.seconds}


def roll_out(lamina, numbers):
    said = lamina.tool(
        "vzpkg", "rollout", TEMPLATE, "-j", "--waves", "100%", "--restart-services", "never",
        *(1000 + number for number in numbers), accept=(0, 22),
    )
    return json.loads(said)


def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
