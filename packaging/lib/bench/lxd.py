"""LXD and Incus: a daemon, a btrfs pool in a file, user namespaces, a bridge of their own."""

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
    client = "lxc"
    server = "lxd"
    shutdown = ("lxd", "shutdown")
    bridge, gateway = "lambench1", "10.214.0.1/16"

    def __init__(self, base):
        self.base = pathlib.Path(base)
        self.state = self.base / "state"
        self.env = {self.name.upper() + "_DIR": str(self.state), "HOME": str(self.base)}
        self.table = "inet " + self.name
        self.daemon = None
        self.filtered = False

    @classmethod
    def available(cls):
        return shutil.which(cls.server) is not None

    def set_up(self, rootfs):
        # Its packet filter table stays behind when it ends; somebody else's is left alone.
        self.filtered = "table " + self.table in shell.run("nft", "list", "tables")
        self.state.mkdir(parents=True)
        with open(self.base / "daemon.log", "ab") as log:
            self.daemon = subprocess.Popen(
                [self.server, "--group", "root"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **self.env}, start_new_session=True,
            )
        shell.run(self.server, "waitready", "--timeout", "60", env=self.env)
        self._lxc("storage", "create", "pool", "btrfs", "size=20GiB")
        self._lxc("network", "create", self.bridge, "ipv4.address=" + self.gateway, "ipv6.address=none")
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
        self._lxc("network", "delete", self.bridge, accept=(0, 1))
        self._lxc("storage", "delete", "pool", accept=(0, 1))
        shell.run(*self.shutdown, env=self.env)
        self.daemon.wait(60)
        if not self.filtered:
            shell.run("nft", "delete", "table", *self.table.split(), accept=(0, 1))
        shutil.rmtree(self.base, ignore_errors=True)

    def create(self, number):
        self._lxc("init", "b", "b%d" % number, "-s", "pool", "-n", self.bridge)

    def start(self, number):
        self._lxc("start", "b%d" % number)

    def begin_start(self, number):
        return shell.begin(self.client, "start", "b%d" % number, env=self.env)

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
        path = "/proc/%d/root%s/storage-pools/pool/containers/b%d" % (self.daemon.pid, self.state, number)
        said = shell.run("btrfs", "filesystem", "du", "-s", "--raw", path)
        return int(said.splitlines()[-1].split()[1]) // 1024

    def daemon_pid(self):
        return self.daemon.pid

    def overhead_pids(self):
        wanted = re.compile(r"\[lxc monitor\] %s|forkproxy|forkdns" % re.escape(str(self.base)))
        return [pid for pid, command in shell.host_processes() if wanted.search(command)]

    def _lxc(self, *arguments, accept=(0,), stdin=subprocess.DEVNULL):
        return shell.run(self.client, *arguments, env=self.env, accept=accept, stdin=stdin)


class Incus(Lxd):
    """The successor that distributions carry now; the same commands by other names."""

    name = "incus"
    client = "incus"
    server = "/usr/libexec/incus/incusd"
    shutdown = ("incus", "admin", "shutdown")
    bridge, gateway = "lambench2", "10.217.0.1/16"
