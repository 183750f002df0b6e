"""Tables for people, JSON for programs."""

import json
import os
import platform
import time

from .sections import MORE_IS_BETTER, TARGETS


def verdict(measure, values):
    """(target as text, whether Lamina meets it); None where there is no target or no figure."""
    limit, peer, ratio = TARGETS.get(measure, (None, None, None))
    ours = values.get("lamina")
    if ours is None or (limit is None and peer is None):
        return "", None
    texts, met = [], True
    if limit is not None:
        texts.append("<= %g" % limit)
        met = met and ours <= limit
    if peer in values:
        more = measure in MORE_IS_BETTER
        texts.append("%s %g x %s" % (">=" if more else "<=", ratio, peer.upper()))
        met = met and (ours >= ratio * values[peer] if more else ours <= ratio * values[peer])
    elif limit is None:
        return "", None
    return ", ".join(texts), met


def table(rows, peers):
    lines = [("%-22s %-13s" + " %10s" * len(peers) + "  %-24s %s") % ("median", "unit", *peers, "target", "")]
    for measure, unit, values in rows:
        target, met = verdict(measure, values)
        cells = ["%10.1f" % values[p] if p in values else "%10s" % "-" for p in peers]
        word = "" if met is None else "met" if met else "MISSED"
        lines.append("%-22s %-13s %s  %-24s %s" % (measure, unit, " ".join(cells), target, word))
    return "\n".join(line.rstrip() for line in lines)


def write_json(path, rows, options):
    document = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "kernel": platform.release(),
        "processors": os.cpu_count(),
        "rounds": options.rounds,
        "crowd": options.crowd,
        "rows": [
            {"measure": measure, "unit": unit, "values": values, "target": target, "met": met}
            for measure, unit, values in rows
            for target, met in [verdict(measure, values)]
        ],
    }
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(document, file, indent=2)
        file.write("\n")
    os.rename(path + ".new", path)
