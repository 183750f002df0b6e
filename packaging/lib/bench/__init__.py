"""Lamina beside LXC and LXD: the same work, the same root file system, the same run."""
