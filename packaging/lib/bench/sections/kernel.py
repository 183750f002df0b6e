"""What the kernel's calls alone cost that commands cannot do without: limits for everybody's figures."""

import json
import os
import sys

from .. import shell
from ..figures import Row

TIMES = 100


def kernel(run):
    run.base.mkdir(parents=True, exist_ok=True)
    yield limit("program that does nothing", [shell.timed(shell.run, "true") for _ in range(TIMES)])
    yield limit("file written durably", [shell.timed(durable, run.base / "file") for _ in range(TIMES)])
    yield limit("exchange of a running /usr", exchanges(run))


def limit(what, values):
    return Row.of("kernel: " + what, "ms", {"floor": values})


def durable(file):
    """At once or not at all, and there after a loss of power: two waits for the disk."""
    new = file.with_suffix(".new")
    with open(new, "wb") as out:
        out.write(b"x" * 4096)
        out.flush()
        os.fsync(out.fileno())
    os.rename(new, file)
    directory = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def exchanges(run):
    said = shell.run(
        "unshare", "--mount", "--propagation", "private", sys.executable, "-m", "bench.exchange",
        run.rootfs / "usr", run.base / "exchange", TIMES,
    )
    return json.loads(said)
