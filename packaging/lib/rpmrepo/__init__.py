"""Makes a real rpm repository of a minimal system, in two states, from Debian's binaries."""
