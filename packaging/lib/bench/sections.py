"""What is measured. Every section yields rows: (measure, unit, {peer: value})."""

import statistics
import time

from . import shell
from .patch import patch

TARGETS = {
    # measure: (absolute limit or None, peer to compare with, largest ratio)
    "create": (60, "lxd", 0.5),
    "start until running": (None, "lxc", 1.1),
    "graceful stop": (None, "lxc", 0.6),
    "exec true": (20, "lxd", 0.6),
    "status": (20, None, None),
    "list": (20, None, None),
    "daemon memory": (200, None, None),
    "memory per container": (1.5, None, None),
    "crowd rate": (None, "lxc", 1.0),
    "patch: roll-out": (10, None, None),
    "patch: read-only worst": (20, None, None),
    "patch: processes ended": (0, None, None),
    "patch: each mergeable": (0.3, None, None),
}
MORE_IS_BETTER = {"crowd rate"}


def alternating(peers, rounds, measure):
    """Medians of `rounds` figures per peer, taken A B C A B C so that drift hits all alike."""
    figures = {peer.name: [] for peer in peers}
    for index in range(rounds):
        for peer in peers if index % 2 == 0 else reversed(peers):
            figures[peer.name].append(measure(peer, index))
    return {name: statistics.median(values) for name, values in figures.items()}


def create(peers, rounds, crowd, patched):
    # LXC has no template to create from; what one would write by hand is not measured.
    def measure(peer, index):
        spent = shell.timed(peer.create, 1)
        peer.destroy(1)
        return spent

    yield "create", "ms", alternating([p for p in peers if p.name != "lxc"], rounds, measure)


def life(peers, rounds, crowd, patched):
    """Start and stop, measured on the same run of the container."""
    figures = {"start command": {}, "start until running": {}, "graceful stop": {}}

    def measure(peer, index):
        begin = time.monotonic_ns()
        peer.start(1)
        started = time.monotonic_ns()
        peer.await_running(1)
        running = time.monotonic_ns()
        time.sleep(0.3)
        stopping = time.monotonic_ns()
        peer.stop(1)
        stopped = time.monotonic_ns()
        for name, spent in (
            ("start command", started - begin),
            ("start until running", running - begin),
            ("graceful stop", stopped - stopping),
        ):
            figures[name].setdefault(peer.name, []).append(spent / 1e6)
        return 0

    for peer in peers:
        peer.create(1)
        # The first start reads the root file system from disk; it is nobody's figure.
        peer.start(1)
        peer.await_running(1)
        peer.stop(1)
    try:
        alternating(peers, rounds, measure)
    finally:
        for peer in peers:
            peer.destroy(1)
    for name, values in figures.items():
        yield name, "ms", {peer: statistics.median(v) for peer, v in values.items()}


def commands(peers, rounds, crowd, patched):
    """Commands on one running container."""
    for peer in peers:
        peer.create(1)
        peer.start(1)
        peer.await_running(1)
    try:
        for name, call in (
            ("exec true", lambda peer: peer.execute(1, "true")),
            ("status", lambda peer: peer.status(1)),
            ("list", lambda peer: peer.listing()),
        ):
            for peer in peers:
                call(peer)
            values = alternating(peers, rounds * 3, lambda peer, _, c=call: shell.timed(c, peer))
            yield name, "ms", values
    finally:
        for peer in peers:
            peer.stop(1)
            peer.destroy(1)


def crowd(peers, rounds, crowd, patched):
    """Many containers started at once: rate, and the memory that they cost outside themselves."""
    rate, daemon, each, listing = {}, {}, {}, {}
    for peer in peers:
        numbers = range(1, crowd + 1)
        for number in numbers:
            peer.create(number)
        before = shell.rss_kib(peer.daemon_pid()) if peer.daemon_pid() else 0
        try:
            rate[peer.name] = crowd / start_all(peer, numbers)
            time.sleep(3)
            listing[peer.name] = statistics.median(shell.timed(peer.listing) for _ in range(7))
            outside = sum(shell.pss_kib(pid) for pid in peer.overhead_pids())
            if peer.daemon_pid():
                after = shell.rss_kib(peer.daemon_pid())
                daemon[peer.name] = after / 1024
                outside += max(0, after - before)
            each[peer.name] = outside / crowd / 1024
        finally:
            for number in numbers:
                peer.discard(number)
    yield "crowd rate", "containers/s", rate
    yield "list of the crowd", "ms", listing
    yield "daemon memory", "MB", daemon
    yield "memory per container", "MB", each


def start_all(peer, numbers):
    """Seconds until all run. A peer's start that fails under the load is said and tried again."""
    begin = time.monotonic()
    starts = {number: peer.begin_start(number) for number in numbers}
    for number, process in starts.items():
        try:
            shell.finish(process)
        except shell.CommandFailed as failure:
            if peer.name == "lamina":
                raise
            print("  %s: %s" % (peer.name, str(failure).strip().replace("\n", " | ")), flush=True)
            peer.start(number)
    for number in numbers:
        peer.await_running(number, 300)
    return time.monotonic() - begin


SECTIONS = {
    "create": create,
    "life": life,
    "commands": commands,
    "crowd": crowd,
    "patch": patch,
}
