"""LXD: its own daemon, a btrfs pool in a file, user namespaces, its own bridge."""

import os
import pathlib
import re
import shutil
import subprocess

from . import shell
from .peer import Peer

METADATA = """architecture: x86_64
creation_date: 1
properties:
  os: debian
  description: the shared root file system
"""


class Lxd(Peer):
    name = "lxd"

    def __init__(self, base):
        self.base = pathlib.Path(base)
        self.env = {"LXD_DIR": str(self.base / "lxd"), "HOME": str(self.base)}
        self.daemon = None
        self.filtered = False

    def set_up(self, rootfs):
        # LXD leaves its packet filter table behind when it ends; somebody else's stays.
        self.filtered = "table inet lxd" in shell.run("nft", "list", "tables")
        (self.base / "lxd").mkdir(parents=True)
        with open(self.base / "lxd.log", "ab") as log:
            self.daemon = subprocess.Popen(
                ["lxd", "--group", "root"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **self.env}, start_new_session=True,
            )
        shell.run("lxd", "waitready", "--timeout", "60", env=self.env)
        self._lxc("storage", "create", "pool", "btrfs", "size=20GiB")
        self._lxc("network", "create", "lambench1", "ipv4.address=10.214.0.1/16", "ipv6.address=none")
        (self.base / "metadata.yaml").write_text(METADATA)
        shell.run("tar", "-C", self.base, "-cf", self.base / "meta.tar", "metadata.yaml")
        shell.run("mksquashfs", rootfs, self.base / "root.squashfs", "-noappend", "-no-progress")
        self._lxc("image", "import", self.base / "meta.tar", self.base / "root.squashfs", "--alias", "b")
        # The first container unpacks the image into the pool; that is not what create measures.
        self.create(0)
        self.destroy(0)

    def tear_down(self):
        if self.daemon is None:
            return
        for line in self._lxc("list", "--format", "csv", "-c", "n").split():
            self._lxc("delete", "--force", line)
        self._lxc("image", "delete", "b", accept=(0, 1))
        self._lxc("network", "delete", "lambench1", accept=(0, 1))
        self._lxc("storage", "delete", "pool", accept=(0, 1))
        shell.run("lxd", "shutdown", env=self.env)
        self.daemon.wait(60)
        if not self.filtered:
            shell.run("nft", "delete", "table", "inet", "lxd", accept=(0, 1))
        shutil.rmtree(self.base, ignore_errors=True)

    def create(self, number):
        self._lxc("init", "b", "b%d" % number, "-s", "pool", "-n", "lambench1")

    def start(self, number):
        self._lxc("start", "b%d" % number)

    def begin_start(self, number):
        return shell.begin("lxc", "start", "b%d" % number, env=self.env)

    def stop(self, number):
        self._lxc("stop", "b%d" % number)

    def destroy(self, number):
        self._lxc("delete", "b%d" % number)

    def discard(self, number):
        self._lxc("delete", "--force", "b%d" % number)

    def execute(self, number, *command, accept=(0,), stdin=subprocess.DEVNULL):
        return self._lxc("exec", "b%d" % number, "--", *command, accept=accept, stdin=stdin)

    def status(self, number):
        self._lxc("info", "b%d" % number)

    def listing(self):
        self._lxc("list")

    def limit_memory(self, number, mib):
        self._lxc("config", "set", "b%d" % number, "limits.memory", "%dMiB" % mib)

    def disk_kib(self, number):
        """What its subvolume shares with nobody; the pool is mounted for the daemon alone."""
        path = "/proc/%d/root%s/lxd/storage-pools/pool/containers/b%d" % (self.daemon.pid, self.base, number)
        said = shell.run("btrfs", "filesystem", "du", "-s", "--raw", path)
        return int(said.splitlines()[-1].split()[1]) // 1024

    def daemon_pid(self):
        return self.daemon.pid

    def overhead_pids(self):
        wanted = re.compile(r"\[lxc monitor\] %s|forkproxy|forkdns" % re.escape(str(self.base)))
        return [pid for pid, command in shell.host_processes() if wanted.search(command)]

    def _lxc(self, *arguments, accept=(0,), stdin=subprocess.DEVNULL):
        return shell.run("lxc", *arguments, env=self.env, accept=accept, stdin=stdin)
