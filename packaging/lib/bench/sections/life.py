"""One container from its creation to its end."""

import time

from .. import shell
from ..figures import Series, alternating
from ..peer import one_each


def create(run):
    # LXC and nspawn have no template to create from; what one would write by hand is not measured.
    able = [peer for peer in run.peers if peer.name not in ("lxc", "nspawn")]
    series = Series()

    def measure(peer, _):
        series.add("create", "ms", peer, shell.timed(peer.create, 1))
        series.add("destroy", "ms", peer, shell.timed(peer.destroy, 1))

    alternating(able, run.options.rounds, measure)
    yield from series.rows()


def life(run):
    """Start and stop, measured on the same run of the container."""
    series = Series()

    def measure(peer, _):
        begin = time.monotonic_ns()
        peer.start(1)
        started = time.monotonic_ns()
        peer.await_running(1)
        running = time.monotonic_ns()
        time.sleep(0.3)
        stopping = time.monotonic_ns()
        peer.stop(1)
        stopped = time.monotonic_ns()
        series.add("start command", "ms", peer, (started - begin) / 1e6)
        series.add("start until running", "ms", peer, (running - begin) / 1e6)
        series.add("graceful stop", "ms", peer, (stopped - stopping) / 1e6)

    # The first start reads the root file system from disk; it is nobody's figure.
    with one_each(run.peers):
        for peer in run.peers:
            peer.stop(1)
        alternating(run.peers, run.options.rounds, measure)
    yield from series.rows()
