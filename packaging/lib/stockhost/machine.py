"""One machine under qemu: power, its serial line, and a shell on it."""

import pathlib
import re
import socket
import subprocess
import time

from . import shell
from .shell import CommandFailed

QEMU = "qemu-system-x86_64"
MEMORY_MIB = 2560
# Without a word about the time stamp counter the kernel reads a timer chip instead, which is slow.
# Guards against processors' side channels flush what an emulator knows of memory at each system call.
CONSOLE = "tsc=reliable mitigations=off console=ttyS0 net.ifnames=0 panic=-1 loglevel=5 systemd.show_status=no"
# The machine's clock runs on while a busy host lets it wait: that is no hanging processor, and no
# service that fails to start.
CONSOLE += " nowatchdog systemd.default_timeout_start_sec=600"
PROCESSORS = 2
KVM_PROBE_SECONDS = 15
LOGIN_SECONDS = 180
# Time limits are those of a quiet host; on a busy one an emulated machine may take this many times as long.
SLOWER = 8
# One thread for each processor of the machine, and translated code is kept. The processor is an old
# one: what newer ones have in addition (long vector registers to save at each switch, one more level
# of page tables) an emulator pays for at every step. It has no AVX, which the package must not need.
EMULATION = ["-accel", "tcg,thread=multi,tb-size=1024", "-cpu", "Nehalem"]


def accelerator(image, log):
    """KVM where a kernel of Debian really runs with it within seconds, else emulation."""
    if not pathlib.Path("/dev/kvm").exists():
        return EMULATION
    hardware = ["-accel", "kvm", "-cpu", "host"]
    command = ["timeout", "--kill-after=2", str(KVM_PROBE_SECONDS), QEMU, *hardware, "-nodefaults", "-display", "none"]
    command += ["-no-reboot", "-m", "512", "-serial", "file:%s" % log, "-kernel", image.kernel, "-append", "console=ttyS0 panic=-1"]
    subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
    said = log.read_text(errors="replace") if log.exists() else ""
    # Without a file system this kernel panics in the end; that it came so far is what counts.
    if "Unable to mount root" in said:
        return hardware
    return EMULATION


class Machine:
    """A host that is switched on and off. Not thread safe, but for shells of their own."""

    def __init__(self, image, disk, parcel, key, directory, accelerate):
        self.image, self.disk, self.parcel, self.key = image, disk, parcel, key
        self.directory, self.accelerate = pathlib.Path(directory), accelerate
        self.serial = self.directory / "serial.log"
        self.serial.write_bytes(b"")
        self.control = self.directory / "ssh"
        self.process = None
        self.log = None
        self.ports = {22: free_port(), 8022: free_port()}

    def power_on(self):
        forwards = ",".join("hostfwd=tcp:127.0.0.1:%d-:%d" % (here, there) for there, here in self.ports.items())
        command = [
            # Whatever becomes of this program, the machine does not stay.
            "setpriv", "--pdeathsig", "KILL", QEMU, "-name", "lamina-stock-host", "-machine", "q35,hpet=off", *self.accelerate, "-smp", str(PROCESSORS), "-m", str(MEMORY_MIB),
            "-nodefaults", "-display", "none", "-monitor", "none",
            "-chardev", "file,id=serial,append=on,path=%s" % self.serial, "-serial", "chardev:serial",
            "-kernel", self.image.kernel, "-initrd", self.image.initrd,
            "-append", "root=/dev/vda rw rootflags=prjquota " + CONSOLE,
            # What the guest wrote is in our page cache at once: losing power loses what the guest's
            # own caches hold, and nothing else, whatever it flushes.
            "-drive", "file=%s,format=raw,if=virtio,cache=unsafe,discard=unmap" % self.disk,
            "-drive", "file=%s,format=raw,if=virtio,readonly=on" % self.parcel,
            "-netdev", "user,id=net,%s" % forwards, "-device", "virtio-net-pci,netdev=net,romfile=",
            "-device", "virtio-rng-pci",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=open(self.directory / "qemu.log", "ab"),
            start_new_session=True,
        )

    def power_cut(self):
        """Ends the machine between two instructions."""
        if self.process and self.process.poll() is None:
            self.process.kill()
        self.gone(30)

    def end(self):
        """Switches the machine off, whatever it does."""
        if self.process:
            self.power_cut()

    def gone(self, seconds):
        """Waits for the machine to switch itself off."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise CommandFailed("the machine is still on after %d s" % seconds) from None
        self.disconnect()

    def await_shell(self, seconds):
        """Until somebody can log in."""
        deadline = time.monotonic() + seconds * SLOWER
        while True:
            self.alive()
            try:
                # A login takes an emulated machine its time; giving up early would only add to it.
                if self.banner(22).startswith("SSH"):
                    return self.run("true", timeout=LOGIN_SECONDS)
                raise CommandFailed("nothing listens yet")
            except CommandFailed as failure:
                if time.monotonic() > deadline:
                    raise CommandFailed("nobody can log in after %d s: %s" % (seconds, failure)) from None
            self.disconnect()
            time.sleep(2)

    def alive(self):
        if self.process.poll() is not None:
            said = (self.directory / "qemu.log").read_text(errors="replace")
            raise CommandFailed("the machine went off (%s)\n%s" % (self.process.returncode, said[-2000:]))

    def ssh(self, *options):
        return [
            "ssh", "-q", "-F", "none", "-i", str(self.key), "-p", str(self.ports[22]), "-o", "BatchMode=yes",
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=%d" % LOGIN_SECONDS,
            "-o", "ServerAliveInterval=30", "-o", "ServerAliveCountMax=6", "-o", "ControlMaster=auto",
            "-o", "ControlPath=%s" % self.control, "-o", "ControlPersist=yes", *options, "root@127.0.0.1",
        ]  # fmt: skip

    def run(self, command, timeout, accept=(0,)):
        """Runs a line of shell there as root; what it wrote to both streams comes back.

        The limit is in seconds of a quiet host.
        """
        # 255 is ssh's own failure; a command's status is written behind what it said.
        line = "exec 2>&1; (%s\n) </dev/null; status=$?; echo; echo stock-host-status $status" % command
        try:
            done = subprocess.run(
                [*self.ssh(), line], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=timeout * SLOWER, check=False
            )
        except subprocess.TimeoutExpired as late:
            said = (late.stdout or b"").decode(errors="replace")[-2000:]
            raise CommandFailed("%s: not done after %d s\n%s" % (command, timeout * SLOWER, said)) from None
        said = done.stdout.decode(errors="replace")
        found = re.search(r"\n?stock-host-status (\d+)\n\Z", said)
        if not found:
            raise CommandFailed("%s: the line to the machine broke (%d)\n%s" % (command, done.returncode, said[-2000:]))
        said = said[: found.start()]
        if self.log:
            self.log.write("# %s\n%s\n" % (command, said))
            self.log.flush()
        if int(found[1]) not in accept:
            raise CommandFailed("%s: exit code %s\n%s" % (command, found[1], said[-4000:]))
        return said.rstrip("\n")

    def begin(self, command):
        """Starts a line of shell there and does not wait; what it writes can be read here."""
        return subprocess.Popen(
            [*self.ssh(), command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def boot_id(self):
        return self.run("cat /proc/sys/kernel/random/boot_id", timeout=LOGIN_SECONDS)

    def reboot(self, seconds):
        """As an administrator would; returns when somebody can log in again."""
        before, deadline = self.boot_id(), time.monotonic() + seconds * SLOWER
        self.run("systemctl reboot", timeout=60, accept=(0, 1))
        while time.monotonic() < deadline:
            self.disconnect()
            time.sleep(2)
            try:
                self.await_shell(max(1, deadline - time.monotonic()))
                if self.boot_id() != before:
                    return
            except CommandFailed:
                self.alive()
        raise CommandFailed("no reboot within %d s" % seconds)

    def banner(self, port):
        """What a service says first that somebody outside reaches on a port of the machine."""
        try:
            with socket.create_connection(("127.0.0.1", self.ports[port]), 60) as line:
                line.settimeout(60)
                return line.recv(200).decode(errors="replace")
        except OSError as failure:
            return str(failure)

    def disconnect(self):
        subprocess.run(
            [*self.ssh("-O", "exit")], stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False
        )
        self.control.unlink(missing_ok=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
