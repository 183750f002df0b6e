"""Tables for people, JSON for programs."""

import dataclasses
import json
import os
import platform
import time

from .targets import verdict


def amount(value):
    """Three or four digits that matter, at any size."""
    if abs(value) >= 100:
        return "%.0f" % value
    return "%.1f" % value if abs(value) >= 1 or value == 0 else "%.2f" % value


def cell(figure):
    if figure is None:
        return "-"
    text = amount(figure.median)
    if figure.count > 1:
        text += " (%s-%s)" % (amount(figure.low), amount(figure.high))
    return text


def ratios(row, peers):
    """Lamina's median as a multiple of each peer's."""
    ours = row.figures.get("lamina")
    for peer in peers:
        theirs = row.figures.get(peer)
        known = peer != "lamina" and ours and theirs and theirs.median
        yield "%.2f" % (ours.median / theirs.median) if known else ""


def grid(rows, peers):
    """Header and lines of cells; columns in which nobody has a figure are left out."""
    seen = [peer for peer in peers if any(peer in row.figures for row in rows)]
    others = [peer for peer in seen if peer != "lamina"]
    yield ["measure", "unit", *seen, *("/ " + peer for peer in others), "target", ""]
    for row in rows:
        target, met = verdict(row)
        word = "" if met is None else "met" if met else "MISSED"
        figures = [cell(row.figures.get(peer)) for peer in seen]
        yield [row.measure, row.unit, *figures, *ratios(row, others), target, word]


def table(rows, peers):
    lines = list(grid(rows, peers))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            word.ljust(width) if column < 2 or column >= len(line) - 2 else word.rjust(width)
            for column, (word, width) in enumerate(zip(line, widths))
        ).rstrip()
        for line in lines
    )


def markdown(rows, peers):
    """The same table for a README."""
    lines = list(grid(rows, peers))
    rule = ["---" if column < 2 else "---:" for column in range(len(lines[0]))]
    return "\n".join("| " + " | ".join(line) + " |" for line in [lines[0], rule, *lines[1:]])


def machine():
    """What the figures were taken on, in one line."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return "%d x %s, %.0f GiB, Linux %s" % (
        os.cpu_count(), models[0] if models else platform.machine(), pages, platform.release(),
    )


def document(rows, options):
    return {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": machine(),
        "options": {name: str(value) for name, value in vars(options).items() if name not in ("tree", "out")},
        "rows": [
            {
                "measure": row.measure,
                "unit": row.unit,
                "figures": {peer: dataclasses.asdict(f) for peer, f in row.figures.items()},
                "target": target,
                "met": met,
            }
            for row in rows
            for target, met in [verdict(row)]
        ],
    }


def write(path, text):
    """At once or not at all."""
    with open(str(path) + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(str(path) + ".new", path)


def write_json(path, rows, options):
    write(path, json.dumps(document(rows, options), indent=2) + "\n")
