"""What every container manager under measurement can do."""

import contextlib
import subprocess
import time

from . import shell


class Peer:
    """One container manager. Containers are numbers from 1; names are the manager's own."""

    name = ""

    def set_up(self, rootfs):
        """Prepares everything that is not measured. `rootfs` is the shared root file system."""
        raise NotImplementedError

    def tear_down(self):
        """Removes every trace."""
        raise NotImplementedError

    def create(self, number):
        raise NotImplementedError

    def start(self, number):
        """Returns when the manager's start command returns."""
        raise NotImplementedError

    def begin_start(self, number):
        """Like start, without waiting; returns the process."""
        raise NotImplementedError

    def stop(self, number):
        """A graceful stop, by init's own power-off."""
        raise NotImplementedError

    def destroy(self, number):
        raise NotImplementedError

    def discard(self, number):
        """Ends a container by force, if it runs, and destroys it."""
        raise NotImplementedError

    def execute(self, number, *command, accept=(0,), stdin=subprocess.DEVNULL):
        raise NotImplementedError

    def status(self, number):
        raise NotImplementedError

    def listing(self):
        raise NotImplementedError

    def limit_memory(self, number, mib):
        """Changes the limit of a running container."""
        raise NotImplementedError

    def own_files(self, number):
        """Directory of what the container alone has on disk; never below a mount."""
        raise NotImplementedError

    def disk_kib(self, number):
        """What the container alone takes on disk."""
        return int(shell.run("du", "-skx", self.own_files(number)).split()[0])

    def daemon_pid(self):
        """Process id of the daemon, or None if there is none."""
        return None

    def overhead_pids(self):
        """Processes outside the containers that exist because containers run, without the daemon."""
        raise NotImplementedError

    def await_running(self, number, seconds=90):
        """Waits until systemd inside says "running"; the same question for every manager."""
        deadline = time.monotonic() + seconds
        said = ""
        while time.monotonic() < deadline:
            try:
                said = self.execute(
                    number, "systemctl", "is-system-running", "--wait", accept=range(256)
                ).strip()
            except shell.CommandFailed as failure:
                said = str(failure)
            if said == "running":
                return
            if said in ("degraded", "maintenance"):
                failed = self.execute(number, "systemctl", "--failed", "--plain", "--no-legend", accept=range(256))
                raise shell.CommandFailed("%s %d is %s: %s" % (self.name, number, said, failed.strip()))
            time.sleep(0.005)
        raise shell.CommandFailed("%s %d: not running, says %r" % (self.name, number, said))


@contextlib.contextmanager
def one_each(peers):
    """Container 1 of every peer, running; gone at the end however that comes."""
    made = []
    try:
        for peer in peers:
            made.append(peer)
            peer.create(1)
            peer.start(1)
            peer.await_running(1)
        yield
    finally:
        for peer in made:
            peer.discard(1)
