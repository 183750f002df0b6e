"""The host itself, for figures of files: the same root file system in a plain directory."""

import os
import pathlib
import shutil
import subprocess

from . import shell
from .peer import Peer


class Host(Peer):
    name = "host"

    def __init__(self, base, rootfs):
        self.base = pathlib.Path(base)
        self.rootfs = rootfs

    def set_up(self, rootfs):
        self.base.mkdir(parents=True)

    def tear_down(self):
        if not any(str(self.base) in line for line in open("/proc/self/mountinfo", encoding="utf-8")):
            shutil.rmtree(self.base)

    def create(self, number):
        root = self._root(number)
        shell.run("cp", "-a", self.rootfs, root)
        # Services of what is installed stay off; there is no init to start them.
        (root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        os.chmod(root / "usr/sbin/policy-rc.d", 0o755)

    def start(self, number):
        pass

    def await_running(self, number, seconds=90):
        pass

    def discard(self, number):
        shutil.rmtree(self._root(number))

    def execute(self, number, *command, accept=(0,), stdin=subprocess.DEVNULL):
        # A mount namespace, so that whatever is mounted for the command goes with it.
        script = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"'
        return shell.run(
            "unshare", "--mount", "sh", "-c", script, self._root(number), *command, accept=accept, stdin=stdin
        )

    def _root(self, number):
        return self.base / ("b%d" % number)
