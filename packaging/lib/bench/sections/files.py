"""Reading and writing files inside, beside the same on the host itself."""

import json
import shutil

from .. import shell
from ..figures import Series, alternating
from ..host import Host

JOBS = {
    # name: (unit, figure in fio's report, factor, fio options)
    "sequential write": ("MB/s", ("write", "bw_bytes"), 1e-6, "--rw=write --bs=1M --end_fsync=1"),
    "sequential read": ("MB/s", ("read", "bw_bytes"), 1e-6, "--rw=read --bs=1M"),
    "random read": ("IOPS", ("read", "iops"), 1, "--rw=randread --bs=4k --runtime=4"),
    "random write": ("IOPS", ("write", "iops"), 1, "--rw=randwrite --bs=4k --fdatasync=16 --runtime=4"),
    "small files": ("files/s", ("write", "iops"), 1, "--rw=write --bs=4k --nrfiles=4000 --filesize=4k --openfiles=100 --create_on_open=1"),
}
ROUNDS = 3
INSTALLED = "build-essential"


def files(run):
    peers = [*run.peers, Host(run.base / "host", run.rootfs)]
    series = Series()
    packages = downloaded(run)

    def measure(peer, _):
        peer.create(1)
        try:
            peer.start(1)
            peer.await_running(1)
            for name, job in JOBS.items():
                series.add(name, job[0], peer, fio(peer, name, *job[1:]))
            give(peer, packages)
            install = "DEBIAN_FRONTEND=noninteractive apt-get -qq -y install /srv/packages/*.deb"
            series.add("apt-get install", "s", peer, shell.timed(peer.execute, 1, "sh", "-c", install) / 1e3)
        finally:
            peer.discard(1)

    peers[-1].set_up(run.rootfs)
    try:
        alternating(peers, min(ROUNDS, run.options.rounds), measure)
    finally:
        peers[-1].tear_down()
    yield from series.rows()


def fio(peer, name, figure, factor, options):
    size = [] if "nrfiles" in options else ["--size=256M"]
    shell.drop_caches()
    said = peer.execute(
        1, "fio", "--name=" + name.replace(" ", "-"), "--directory=/srv", "--invalidate=1", "--thread",
        "--output-format=json", *size, *options.split(),
    )
    peer.execute(1, "find", "/srv", "-type", "f", "-delete")
    side, value = figure
    return json.loads(said)["jobs"][0][side][value] * factor


def downloaded(run):
    """A directory with a large package and what the root file system lacks of its dependencies."""
    place = run.base / "packages"
    (place / "partial").mkdir(parents=True)
    shell.run(
        "apt-get", "-qq", "-y", "--download-only", "-o", "Dir::Cache::archives=%s" % place,
        "-o", "Dir::State::status=%s" % (run.rootfs / "var/lib/dpkg/status"), "-o", "Debug::NoLocking=1",
        "--no-install-recommends", "install", INSTALLED,
    )
    shutil.rmtree(place / "partial")
    return place


def give(peer, packages):
    """The packages as files inside, so that no network is measured."""
    archive = packages.with_suffix(".tar")
    if not archive.exists():
        shell.run("tar", "-C", packages.parent, "-cf", archive, packages.name)
    with open(archive, "rb") as file:
        peer.execute(1, "tar", "-C", "/srv", "-x", stdin=file)
