"""What a section is given."""

import argparse
import dataclasses
import pathlib

from .peer import Peer


@dataclasses.dataclass(frozen=True)
class Run:
    peers: list
    # Where sections may put files of their own; it is removed at the end.
    base: pathlib.Path
    rootfs: pathlib.Path
    options: argparse.Namespace

    @property
    def lamina(self):
        """Lamina among the peers; None without it, and no section about it alone is run then."""
        return next((peer for peer in self.peers if peer.name == "lamina"), None)

    def able(self, *actions):
        """The peers that have these actions: not every manager has a list, or templates."""
        return [
            peer
            for peer in self.peers
            if all(getattr(type(peer), action) is not getattr(Peer, action) for action in actions)
        ]
