"""Commands on running containers, and lists of many."""

import itertools

from .. import shell
from ..figures import Series, alternating
from ..peer import one_each


def commands(run):
    """Commands on one running container."""
    with one_each(run.peers):
        sizes = itertools.cycle((512, 768))
        for name, action, call in (
            ("exec true", "execute", lambda peer: peer.execute(1, "true")),
            ("status", "status", lambda peer: peer.status(1)),
            ("list", "listing", lambda peer: peer.listing()),
            ("set memory limit", "limit_memory", lambda peer: peer.limit_memory(1, next(sizes))),
        ):
            yield from repeated(run.able(action), run.options.rounds * 3, name, call)


def repeated(peers, rounds, name, call):
    """A short command many times, after once that does not count."""
    series = Series()
    for peer in peers:
        call(peer)
    alternating(peers, rounds, lambda peer, _: series.add(name, "ms", peer, shell.timed(call, peer)))
    return series.rows()


def lists(run):
    """Lists of containers that exist and do not run."""
    # Theirs take a second each to make, so they are asked for fewer.
    most = {"lxd": 100, "incus": 100}
    peers = run.able("listing")
    made = {peer: 0 for peer in peers}
    try:
        for size in run.options.lists:
            able = [peer for peer in peers if size <= most.get(peer.name, size)]
            for peer in able:
                while made[peer] < size:
                    made[peer] += 1
                    peer.create(made[peer])
            yield from repeated(able, max(3, run.options.rounds // 3), "list of %d" % size, lambda peer: peer.listing())
    finally:
        for peer, count in made.items():
            for number in range(1, count + 1):
                peer.destroy(number)
