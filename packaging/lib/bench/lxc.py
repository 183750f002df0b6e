"""LXC: no daemon, overlay on one shared lower, user namespace, veth on a bridge."""

import os
import pathlib
import re
import shutil
import subprocess

from . import shell
from .peer import Peer
from .trees import first_subordinate_id, shift_owners

BRIDGE = "lambench0"
LXCFS = "/var/lib/lxcfs"
CONFIG = """lxc.uts.name = b{number}
lxc.rootfs.path = overlayfs:{lower}:{delta}
lxc.rootfs.options = userxattr
lxc.include = /usr/share/lxc/config/common.conf
lxc.include = /usr/share/lxc/config/userns.conf
lxc.idmap = u 0 {ids} 65536
lxc.idmap = g 0 {ids} 65536
lxc.apparmor.profile = unconfined
lxc.mount.entry = none sys/kernel/debug tmpfs ro 0 0
lxc.net.0.type = veth
lxc.net.0.link = {bridge}
lxc.net.0.flags = up
lxc.net.0.ipv4.address = 10.213.{high}.{low}/16
"""


class Lxc(Peer):
    name = "lxc"

    def __init__(self, base):
        self.base = pathlib.Path(base)
        self.path = self.base / "containers"
        self.lower = self.base / "lower"
        self.ids = first_subordinate_id()
        self.cgroups_before = lxc_cgroups()
        self.lxcfs = None

    def set_up(self, rootfs):
        self.path.mkdir(parents=True)
        shell.run("cp", "-a", rootfs, self.lower)
        shift_owners(self.lower, self.ids)
        shell.run("ip", "link", "add", BRIDGE, "type", "bridge")
        shell.run("ip", "link", "set", BRIDGE, "up")
        self.start_lxcfs()

    def start_lxcfs(self):
        """Its containers see their own limits in /proc, as Lamina's do; the package's hook mounts it."""
        if os.path.ismount(LXCFS) or not os.path.exists("/usr/bin/lxcfs"):
            return
        self.lxcfs = shell.begin("/usr/bin/lxcfs", "-f", LXCFS)
        shell.until(lambda: os.path.exists(LXCFS + "/proc/meminfo"), 10, 0.05, "lxcfs answers")

    def tear_down(self):
        if self.path.is_dir():
            for container in self.path.iterdir():
                shell.run("lxc-stop", "-P", self.path, "-n", container.name, "-k", accept=range(256))
        if self.lxcfs is not None:
            self.lxcfs.terminate()
            self.lxcfs.wait(10)
            shell.run("umount", "--lazy", LXCFS, accept=range(256))
        if os.path.exists("/sys/class/net/" + BRIDGE):
            shell.run("ip", "link", "del", BRIDGE)
        for cgroup in sorted(lxc_cgroups() - self.cgroups_before, key=len, reverse=True):
            try:
                os.rmdir(cgroup)
            except OSError as error:
                print("cannot remove %s: %s" % (cgroup, error))

    def create(self, number):
        directory = self.path / ("b%d" % number)
        delta = directory / "delta"
        delta.mkdir(parents=True)
        os.chown(directory, self.ids, self.ids)
        os.chown(delta, self.ids, self.ids)
        (directory / "config").write_text(
            CONFIG.format(
                number=number,
                lower=self.lower,
                delta=delta,
                ids=self.ids,
                bridge=BRIDGE,
                high=number // 250,
                low=number % 250 + 1,
            )
        )

    def start(self, number):
        shell.run("lxc-start", "-P", self.path, "-n", "b%d" % number)

    def begin_start(self, number):
        return shell.begin("lxc-start", "-P", self.path, "-n", "b%d" % number)

    def stop(self, number):
        shell.run("lxc-stop", "-P", self.path, "-n", "b%d" % number)

    def destroy(self, number):
        shutil.rmtree(self.path / ("b%d" % number))

    def discard(self, number):
        shell.run("lxc-stop", "-P", self.path, "-n", "b%d" % number, "-k", accept=range(256))
        self.destroy(number)

    def execute(self, number, *command, accept=(0,), stdin=subprocess.DEVNULL):
        return shell.run(
            "lxc-attach", "-P", self.path, "-n", "b%d" % number, "--clear-env", "--", *command,
            accept=accept, stdin=stdin,
        )

    def status(self, number):
        shell.run("lxc-info", "-P", self.path, "-n", "b%d" % number, "-s")

    def listing(self):
        shell.run("lxc-ls", "-P", self.path, "-f")

    def limit_memory(self, number, mib):
        name = "memory.max" if os.path.exists("/sys/fs/cgroup/cgroup.controllers") else "memory.limit_in_bytes"
        shell.run("lxc-cgroup", "-P", self.path, "-n", "b%d" % number, name, mib << 20)

    def own_files(self, number):
        return self.path / ("b%d" % number) / "delta"

    def overhead_pids(self):
        return [pid for pid, command in shell.host_processes() if re.match(r"\[lxc monitor\] %s" % self.path, command)]


def lxc_cgroups():
    """Every cgroup that LXC made; it leaves some behind."""
    found = set()
    for mount in pathlib.Path("/proc/mounts").read_text().splitlines():
        _, point, kind = mount.split()[:3]
        if kind in ("cgroup", "cgroup2"):
            for entry in pathlib.Path(point).glob("lxc*"):
                found.add(str(entry))
                found.update(d for d, _, _ in os.walk(entry))
    return found
