"""What the kernel and systemd alone cost: the same container by util-linux, without a manager.

It does what every manager has to do and nothing else: no state, no limits, no network, no filter.
Its figures are the floor under everybody's.
"""

import os
import shutil
import signal
import subprocess

from . import cgroups, shell
from .nspawn import Nspawn

# Runs as root of the new user namespace; "$1" is the overlay, which is locked there until it is bound anew.
SCRIPT = """set -e
mount --rbind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for place in debug tracing; do mount -t tmpfs -o ro tmpfs sys/kernel/$place; done
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts dev/shm
for node in null zero full random urandom tty; do : >dev/$node; mount --bind /dev/$node dev/$node; done
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
pivot_root . .
umount -l .
exec env -i container=other /sbin/init
"""


class Floor(Nspawn):
    name = "floor"
    group = "lamina-bench-floor"

    def begin_start(self, number):
        process = subprocess.Popen(
            [
                "unshare", "--user", "--map-users=%d,0,65536" % self.ids, "--map-groups=%d,0,65536" % self.ids,
                "--setuid=0", "--setgid=0", "--pid", "--fork", "--mount", "--uts", "--ipc", "--net", "--cgroup",
                "--kill-child", "sh", "-c", SCRIPT, "sh", self._home(number) / "root",
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=lambda: cgroups.join(self.group, number, self.ids),
        )
        return self._started(number, process)

    def stop(self, number):
        os.kill(self._init(number), signal.SIGRTMIN + 4)
        self.processes.pop(number).wait(90)

    def status(self, number):
        """There is nobody to ask: what it takes to start a program that does nothing."""
        shell.run("true")

    def limit_memory(self, number, mib):
        (cgroups.memory(self.group, number) / cgroups.MEMORY_LIMIT).write_text(str(mib << 20))
