"""systemd-nspawn: no daemon, no state; an overlay made by hand, user namespace, a veth."""

import os
import pathlib
import shutil
import signal
import subprocess

from . import cgroups, shell
from .peer import Peer
from .trees import first_subordinate_id, shift_owners


class Nspawn(Peer):
    name = "nspawn"
    # Without a service manager on the host, nspawn puts its cgroups beside those of the caller.
    group = "lamina-bench-nspawn"

    def __init__(self, base):
        self.base = pathlib.Path(base)
        self.lower = self.base / "lower"
        self.ids = first_subordinate_id()
        self.processes = {}

    def set_up(self, rootfs):
        self.base.mkdir(parents=True)
        shell.run("cp", "-a", rootfs, self.lower)
        shift_owners(self.lower, self.ids)

    def tear_down(self):
        for number in list(self.processes):
            self.discard(number)
        cgroups.remove(self.group)

    def create(self, number):
        home = self._home(number)
        for name in ("upper", "work", "root"):
            (home / name).mkdir(parents=True)
            os.chown(home / name, self.ids, self.ids)
        layers = "lowerdir=%s,upperdir=%s,workdir=%s" % (self.lower, home / "upper", home / "work")
        shell.run("mount", "-t", "overlay", "overlay", "-o", layers, home / "root")

    def start(self, number):
        """It stays in the foreground, so its start is over when the container's init is there."""
        self.begin_start(number)
        shell.until(lambda: self._init(number), 30, 0.002, "init of %s %d" % (self.name, number))

    def begin_start(self, number):
        process = subprocess.Popen(
            [
                "systemd-nspawn", "--quiet", "--directory", self._home(number) / "root",
                "--machine", "b%d" % number, "--boot", "--register=no", "--keep-unit",
                "--private-users=%d:65536" % self.ids, "--network-veth", "--console=read-only",
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=lambda: cgroups.join(self.group, number),
        )
        return self._started(number, process)

    def stop(self, number):
        process = self.processes[number]
        process.send_signal(signal.SIGTERM)
        process.wait(90)
        del self.processes[number]

    def destroy(self, number):
        shell.run("umount", self._home(number) / "root")
        shutil.rmtree(self._home(number))

    def discard(self, number):
        # Killed itself, it would leave the container behind.
        init = self._init(number) if number in self.processes else None
        if init:
            os.kill(init, signal.SIGKILL)
        process = self.processes.pop(number, None)
        if process:
            process.wait(30)
        self.destroy(number)

    def execute(self, number, *command, accept=(0,), stdin=subprocess.DEVNULL):
        return shell.run("nsenter", "--target", self._init(number), "--all", *command, accept=accept, stdin=stdin)

    def own_files(self, number):
        return self._home(number) / "upper"

    def overhead_pids(self):
        return [process.pid for process in self.processes.values()]

    def _started(self, number, process):
        self.processes[number] = process
        return Started(process)

    def _home(self, number):
        return self.base / ("b%d" % number)

    def _init(self, number):
        """The child that is init in a pid namespace of its own."""
        own = os.readlink("/proc/self/ns/pid")
        for child in shell.children(self.processes[number].pid):
            try:
                if os.readlink("/proc/%d/ns/pid" % child) != own and os.path.basename(
                    os.readlink("/proc/%d/exe" % child)
                ) == "systemd":
                    return child
            except OSError:
                pass
        return None


class Started:
    """What shell.finish wants of a command that does not end."""

    returncode = 0
    args = ()

    def __init__(self, process):
        self.process = process

    def communicate(self, timeout):
        return b"", b""
