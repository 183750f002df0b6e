"""As many running containers as the machine carries: what a command takes and the daemon needs."""

import statistics
import time

from .. import chart, shell
from ..figures import Row

STEPS = (1, 10, 25, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000)
# Containers started at once; more would measure the processors' queue.
TOGETHER = 8
# What has to stay available, in KiB, so that the kernel does not begin to end processes.
RESERVE = 1200 * 1024
COLUMNS = (
    ("daemon's memory (MB)", "scale: daemon memory", "MB"),
    ("list (ms)", "scale: list", "ms"),
    ("status (ms)", "scale: status", "ms"),
    ("exec true (ms)", "scale: exec true", "ms"),
    ("start until running (ms)", "scale: start until running", "ms"),
)


def scale(run):
    lamina = run.lamina
    most = run.options.scale
    points, running, stopped_by = [], 0, ""
    for number in range(1, most + 1):
        lamina.create(number)
    registered = statistics.median(shell.timed(lamina.listing) for _ in range(5))
    yield Row.of("list of %d registered" % most, "ms", {"lamina": registered})
    begin = time.monotonic()
    free = shell.memory_kib("MemAvailable")
    try:
        for step in [step for step in STEPS if step < most] + [most]:
            running, stopped_by = grow(lamina, running, step)
            points.append(look(lamina, running))
            print("  %d running, %.1f GB available" % (running, shell.memory_kib("MemAvailable") / 2**20), flush=True)
            if stopped_by:
                print("  stopped by: %s" % stopped_by, flush=True)
                break
        spent = time.monotonic() - begin
        each = (free - shell.memory_kib("MemAvailable")) / running / 1024
    finally:
        for number in range(1, most + 1):
            lamina.discard(number)
    yield Row.of("scale: running at once", "", {"lamina": running})
    yield Row.of("scale: until all ran", "s", {"lamina": spent})
    yield Row.of("scale: memory each", "MB", {"lamina": each})
    for place, (_, measure, unit) in enumerate(COLUMNS):
        yield Row.of(measure, unit, {"lamina": points[-1][place + 1]})
    chart.curves(run.options.out + "/scale.svg", [name for name, _, _ in COLUMNS], points)


def grow(lamina, running, wanted):
    """Starts more, some at a time; (how many run, what stopped it or nothing)."""
    while running < wanted:
        if shell.memory_kib("MemAvailable") < RESERVE:
            return running, "memory: %d MB are kept available" % (RESERVE // 1024)
        batch = range(running + 1, min(running + TOGETHER, wanted) + 1)
        try:
            for process in [lamina.begin_start(number) for number in batch]:
                shell.finish(process)
            for number in batch:
                lamina.await_running(number, 300)
        except shell.CommandFailed as failure:
            return running, str(failure).strip()
        running = batch[-1]
    return running, ""


def look(lamina, running):
    """One line of the picture; the container started last is started once more."""
    lamina.discard(running)
    lamina.create(running)
    begin = time.monotonic()
    lamina.start(running)
    lamina.await_running(running)
    start = (time.monotonic() - begin) * 1e3

    def median(call, *arguments):
        return statistics.median(shell.timed(call, *arguments) for _ in range(7))

    return (
        running,
        shell.rss_kib(lamina.daemon_pid()) / 1024,
        median(lamina.listing),
        median(lamina.status, running),
        median(lamina.execute, running, "true"),
        start,
    )
