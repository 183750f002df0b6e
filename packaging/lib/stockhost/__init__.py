"""Debian machines under qemu, as anybody would install them, for trying Lamina's package on."""
