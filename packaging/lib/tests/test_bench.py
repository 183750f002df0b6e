"""Figures, tables, verdicts and pictures of a measurement run."""

import pathlib
import tempfile
import unittest

from bench import chart, report, targets
from bench.figures import Figure, Row, Series, alternating


class Peer:
    def __init__(self, name):
        self.name = name


class FiguresTest(unittest.TestCase):
    def test_a_figure_is_the_median_with_its_extremes(self):
        self.assertEqual(Figure.of([9, 1, 2]), Figure(2, 1, 9, 3))
        self.assertEqual(Row.of("create", "ms", {"lamina": 4}).figures["lamina"], Figure(4, 4, 4, 1))

    def test_measurements_of_one_measure_come_together(self):
        series = Series()
        for value in (1, 3):
            series.add("create", "ms", Peer("lxd"), value)
        series.add("destroy", "ms", Peer("lxd"), 5)
        self.assertEqual([row.measure for row in series.rows()], ["create", "destroy"])
        self.assertEqual(next(series.rows()).figures["lxd"].median, 2)

    def test_peers_take_turns_in_both_directions(self):
        seen = []
        alternating(["a", "b", "c"], 2, lambda peer, index: seen.append((peer, index)))
        self.assertEqual(seen, [("a", 0), ("b", 0), ("c", 0), ("c", 1), ("b", 1), ("a", 1)])


class VerdictTest(unittest.TestCase):
    def verdict(self, measure, unit, **values):
        return targets.verdict(Row.of(measure, unit, values))

    def test_a_ratio_counts_only_beside_the_peer(self):
        self.assertEqual(self.verdict("graceful stop", "ms", lamina=50, lxc=100), ("<= 0.6 x LXC", True))
        self.assertEqual(self.verdict("graceful stop", "ms", lamina=70, lxc=100), ("<= 0.6 x LXC", False))
        self.assertEqual(self.verdict("graceful stop", "ms", lamina=70), ("", None))

    def test_limit_and_ratio_have_both_to_hold(self):
        self.assertEqual(self.verdict("exec true", "ms", lamina=21, lxd=100)[1], False)
        self.assertEqual(self.verdict("exec true", "ms", lamina=19, lxd=30)[1], False)
        self.assertEqual(self.verdict("exec true", "ms", lamina=19, lxd=40)[1], True)

    def test_of_rates_more_is_better(self):
        self.assertEqual(self.verdict("crowd rate of 50", "containers/s", lamina=4, lxc=5)[1], False)
        self.assertEqual(self.verdict("crowd rate of 50", "containers/s", lamina=5, lxc=4)[1], True)

    def test_a_size_has_its_own_target_where_there_is_one(self):
        self.assertEqual(self.verdict("list of 1000", "ms", lamina=90), ("<= 100", True))
        self.assertEqual(self.verdict("list of 7", "ms", lamina=90), ("<= 20", False))

    def test_nothing_is_said_of_others_figures(self):
        self.assertEqual(self.verdict("status", "ms", lxc=1), ("", None))


class TableTest(unittest.TestCase):
    ROWS = [Row.of("create", "ms", {"lamina": [20, 22, 30], "lxd": 44}), Row.of("status", "ms", {"lxd": 5})]

    def test_a_table_has_spread_ratio_and_verdict_and_no_empty_column(self):
        first, second, third = report.table(self.ROWS, ["lamina", "lxd", "nspawn"]).splitlines()
        self.assertEqual(first.split(), ["measure", "unit", "lamina", "lxd", "/", "lxd", "target"])
        self.assertIn("22.0 (20.0-30.0)", second)
        self.assertIn(" 0.50 ", second)
        self.assertTrue(second.endswith("<= 60, <= 0.5 x LXD  met"), second)
        self.assertEqual(third.split(), ["status", "ms", "-", "5.0"])

    def test_amounts_have_the_digits_that_matter(self):
        self.assertEqual([report.amount(v) for v in (1234.5, 12.34, 0.1234, 0)], ["1234", "12.3", "0.12", "0.0"])


class ChartTest(unittest.TestCase):
    def test_titles_with_quotes_are_drawn(self):
        with tempfile.TemporaryDirectory() as place:
            for name, draw in (
                ("curves", lambda out: chart.curves(out, ["daemon's memory"], [(1, 2), (10, 3)])),
                ("ratios", lambda out: chart.ratios(out, [Row.of("it's", "ms", {"lamina": 1, "lxc": 2})])),
            ):
                out = pathlib.Path(place, name + ".svg")
                draw(str(out))
                self.assertIn("<svg", out.read_text(encoding="utf-8"))

    def test_quotes_are_doubled(self):
        self.assertEqual(chart.quoted("daemon's"), "'daemon''s'")


if __name__ == "__main__":
    unittest.main()
