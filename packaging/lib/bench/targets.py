"""What Lamina wants to reach, by measure."""

TARGETS = {
    # measure: (absolute limit or None, manager to compare with, largest ratio)
    "create": (60, "lxd", 0.5),
    "start until running": (None, "lxc", 1.1),
    "graceful stop": (None, "lxc", 0.6),
    "exec true": (20, "lxd", 0.6),
    "status": (20, None, None),
    "list": (20, None, None),
    "list of 1000": (100, None, None),
    "list of 1000 registered": (100, None, None),
    "set memory limit": (20, "lxd", 0.7),
    "daemon memory": (200, None, None),
    "daemon: memory after work": (200, None, None),
    "outside memory each": (1.5, None, None),
    "crowd rate": (None, "lxc", 1.0),
    "network": (None, "lxc", 0.95),
    "patch: plan of 1000 stopped": (5, None, None),
    "live address": (30, None, None),
    "patch: roll-out of 100": (10, None, None),
    "patch: read-only worst": (20, None, None),
    "patch: processes ended": (0, None, None),
    "patch: each mergeable": (0.3, None, None),
    "scale: list": (100, None, None),
}
# Units of which more is better; of all others, less is.
MORE_IS_BETTER = {"containers/s", "MB/s", "IOPS", "files/s", "Gbit/s", "times"}


def verdict(row):
    """(target as text, whether Lamina meets it); None where there is no target or no figure.

    A measure of several sizes, such as "crowd rate of 50", has the target of its first words.
    """
    name = row.measure if row.measure in TARGETS else row.measure.split(" of ")[0]
    limit, peer, ratio = TARGETS.get(name, (None, None, None))
    values = {peer: figure.median for peer, figure in row.figures.items()}
    ours = values.get("lamina")
    if ours is None or (limit is None and peer not in values):
        return "", None
    texts, met = [], True
    if limit is not None:
        texts.append("<= %g" % limit)
        met = met and ours <= limit
    if peer in values:
        more = row.unit in MORE_IS_BETTER
        texts.append("%s %g x %s" % (">=" if more else "<=", ratio, peer.upper()))
        met = met and (ours >= ratio * values[peer] if more else ours <= ratio * values[peer])
    return ", ".join(texts), met
