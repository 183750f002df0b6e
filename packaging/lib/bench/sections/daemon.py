"""The daemon by itself: what its start costs, and what memory it keeps after work."""

import time

from .. import shell
from ..figures import Row

CONTAINERS = 100
# It looks every two minutes whether it has nothing to do.
IDLE = 300


def daemon(run):
    """Lamina's alone: the others' are started by other means."""
    lamina = run.lamina
    starts, cpu, fresh = [], [], []
    for _ in range(run.options.rounds):
        lamina.stop_daemon()
        starts.append(shell.timed(lamina.start_daemon))
        cpu.append(shell.cpu_seconds(lamina.daemon_pid()))
        fresh.append(memory(lamina))
    yield Row.of("daemon: start", "ms", {"lamina": starts})
    yield Row.of("daemon: CPU of a start", "s", {"lamina": cpu})
    yield Row.of("daemon: memory after a start", "MB", {"lamina": fresh})
    for number in range(1, CONTAINERS + 1):
        lamina.create(number)
    for number in range(1, CONTAINERS + 1):
        lamina.listing()
        lamina.destroy(number)
    yield Row.of("daemon: memory after work", "MB", {"lamina": memory(lamina)})
    time.sleep(IDLE)
    yield Row.of("daemon: memory when idle", "MB", {"lamina": memory(lamina)})


def memory(lamina):
    return shell.rss_kib(lamina.daemon_pid()) / 1024
