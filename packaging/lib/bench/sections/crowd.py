"""Many containers started at once: how long it takes, and what they cost."""

import statistics
import time

from .. import shell
from ..figures import Series, alternating

# A crowd takes half a minute and more; the other sections have as many rounds as are asked for.
ROUNDS = 3


def crowd(run):
    for size in run.options.crowds:
        series = Series()
        rounds = 1 if size > 50 else min(run.options.rounds, ROUNDS)

        def measure(peer, _, series=series, size=size):
            try:
                found = list(one_crowd(peer, size))
            except shell.CommandFailed as failure:
                # A peer that is not up to the crowd must not take the figures of the others along.
                if peer.name == "lamina":
                    raise
                print("  %s has no figures of %d: %s" % (peer.name, size, failure), flush=True)
                return
            for name, unit, value in found:
                series.add("%s of %d" % (name, size), unit, peer, value)

        alternating(run.peers, rounds, measure)
        yield from series.rows()


def one_crowd(peer, size):
    """Creates and starts a crowd of one peer, looks at it, and takes it away."""
    numbers = range(1, size + 1)
    for number in numbers:
        peer.create(number)
    before = shell.rss_kib(peer.daemon_pid()) if peer.daemon_pid() else 0
    try:
        # The first container brings the shared files into memory; what the others add is theirs.
        peer.start(1)
        peer.await_running(1)
        free, cached = memory()
        spent = start_all(peer, numbers[1:])
        yield "crowd rate", "containers/s", (size - 1) / spent
        time.sleep(3)
        free_after, cached_after = memory()
        yield "memory each", "MB", (free - free_after) / (size - 1) / 1024
        yield "page cache each", "MB", (cached_after - cached) / (size - 1) / 1024
        yield "disk each", "MB", statistics.mean(peer.disk_kib(number) for number in numbers) / 1024
        outside = sum(shell.pss_kib(pid) for pid in peer.overhead_pids())
        if peer.daemon_pid():
            after = shell.rss_kib(peer.daemon_pid())
            yield "daemon memory", "MB", after / 1024
            outside += max(0, after - before)
        yield "outside memory each", "MB", outside / size / 1024
    finally:
        for number in numbers:
            peer.discard(number)


def memory():
    """(free or free for the asking, files in the page cache) in KiB; what nobody uses is dropped first."""
    shell.drop_caches()
    files = shell.memory_kib("Cached") - shell.memory_kib("Shmem")
    return shell.memory_kib("MemFree", "Buffers", "SReclaimable") + files, files


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
