"""Figures of a run: every one is a median with its spread."""

import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Figure:
    """What several measurements of one thing gave. `low` and `high` are the extremes."""

    median: float
    low: float
    high: float
    count: int

    @staticmethod
    def of(values):
        return Figure(statistics.median(values), min(values), max(values), len(values))


@dataclasses.dataclass(frozen=True)
class Row:
    """One measure of every manager: {name: Figure}."""

    measure: str
    unit: str
    figures: dict

    @staticmethod
    def of(measure, unit, values):
        """`values` has a list of measurements, or one, for each manager."""
        return Row(
            measure,
            unit,
            {name: Figure.of(v if isinstance(v, list) else [v]) for name, v in values.items()},
        )


class Series:
    """Measurements by measure and manager, in the order in which measures came up."""

    def __init__(self):
        self.values = {}

    def add(self, measure, unit, peer, value):
        self.values.setdefault((measure, unit), {}).setdefault(peer.name, []).append(value)

    def rows(self):
        for (measure, unit), values in self.values.items():
            yield Row.of(measure, unit, values)


def alternating(peers, rounds, measure):
    """Calls `measure(peer, round)` in the order A B C, C B A, ... so that drift hits all alike."""
    for index in range(rounds):
        for peer in peers if index % 2 == 0 else reversed(peers):
            measure(peer, index)
