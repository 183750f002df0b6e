"""Pictures by gnuplot."""

import pathlib
import tempfile

from . import shell
from .targets import MORE_IS_BETTER

BARS = """set terminal svg size 900,{height} font 'sans,11' background '#ffffff'
set output '{out}'
set title 'Lamina beside its peers: 1 is the peer, shorter is better'
set logscale x 2
set xrange [0.03:4]
set yrange [{low}:0.5] reverse
set format x '%gx'
set grid xtics lc rgb '#dddddd'
set arrow from 1,graph 0 to 1,graph 1 nohead lw 2 lc rgb '#444444'
set style fill solid 0.85 noborder
set key outside bottom center horizontal
set border 1
set ytics nomirror scale 0 ({labels})
set boxwidth {width}
plot {plots}
"""
LINES = """set terminal svg size 900,900 font 'sans,11' background '#ffffff'
set output '{out}'
set multiplot layout {count},1 title 'Lamina by number of running containers'
set grid lc rgb '#dddddd'
set key off
set yrange [0:*]
set offsets 0,0,graph 0.1,0
{plots}
unset multiplot
"""
COLOURS = {"lxc": "#d95f02", "lxd": "#7570b3", "incus": "#e7298a", "nspawn": "#1b9e77", "host": "#666666", "floor": "#bbbbbb"}


def ratios(path, rows):
    """One group of bars a measure, one bar a peer: Lamina's median as a multiple of the peer's."""
    compared = [row for row in rows if "lamina" in row.figures and len(row.figures) > 1]
    peers = [peer for peer in COLOURS if any(peer in row.figures for row in compared)]
    if not compared:
        return False
    width = 0.8 / max(1, len(peers))
    plots, blocks = [], []
    for place, peer in enumerate(peers):
        points = []
        for line, row in enumerate(compared):
            if peer not in row.figures or not row.figures[peer].median:
                continue
            ratio = row.figures["lamina"].median / row.figures[peer].median
            ratio = 1 / ratio if row.unit in MORE_IS_BETTER and ratio else ratio
            middle = line + 1 + (place - (len(peers) - 1) / 2) * width
            points.append("%f %f %f %f %f %f" % (ratio, middle, 0.03, ratio, middle - width / 2, middle + width / 2))
        blocks.append("$%s << EOD\n%s\nEOD" % (peer, "\n".join(points)))
        plots.append("$%s using 1:2:3:4:5:6 with boxxyerror lc rgb '%s' title 'Lamina / %s'" % (peer, COLOURS[peer], peer))
    labels = ", ".join("%s %d" % (quoted(row.measure), line + 1) for line, row in enumerate(compared))
    gnuplot("\n".join(blocks) + "\n" + BARS.format(
        out=path, height=80 + 34 * len(compared), low=len(compared) + 0.5, labels=labels, width=width,
        plots=", ".join(plots),
    ))
    return True


def curves(path, columns, points):
    """`points`: lines of numbers, the first of which is the number of containers."""
    data = "$points << EOD\n%s\nEOD\n" % "\n".join(" ".join("%g" % v for v in point) for point in points)
    plots = "\n".join(
        "set title %s\nplot $points using 1:%d with linespoints pt 7 lc rgb '#1f77b4'" % (quoted(name), place + 2)
        for place, name in enumerate(columns)
    )
    gnuplot(data + LINES.format(out=path, count=len(columns), plots=plots))


def quoted(text):
    """A string of gnuplot's, in which nothing is special but the quote itself."""
    return "'%s'" % text.replace("'", "''")


def gnuplot(script):
    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory) / "plot"
        file.write_text(script)
        shell.run("gnuplot", file)
