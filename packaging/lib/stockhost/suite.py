"""What is tried on a stock host, in this order; each check says in one line what it saw."""

import re
import time

from .shell import CommandFailed

CONTAINERS = (101, 102, 103)
ADDRESS = {101: "10.77.0.101", 102: "10.77.0.102"}
CGROUP = "/sys/fs/cgroup/lamina"
PARCEL = "/mnt/parcel"
# The template of a quick run: an operator's own definition with what these checks use.
SMALL = """{
  "summary": "What the checks need", "family": "debian", "release": "%s", "suites": ["%s"],
  "updateSuites": ["%s-updates", "%s-security"], "components": ["main"], "variant": "minbase",
  "packages": ["dbus", "iproute2", "iputils-ping", "openssh-server", "procps", "systemd", "systemd-sysv"],
  "init": "systemd", "maskedUnits": [], "swappableTrees": ["usr"]
}
"""
OWN = "/etc/lamina/templates.d"


class Suite:
    def __init__(self, machine, archive, debs, cut_after, quick):
        self.machine, self.archive, self.debs, self.cut_after, self.quick = machine, archive, debs, cut_after, quick
        self.template = "small" if quick else "debian-" + machine.image.release
        self.inits = {}

    # -- words of the checks

    def run(self, command, timeout=120, accept=(0,)):
        return self.machine.run(command, timeout, accept)

    def inside(self, ctid, command, timeout=120, accept=(0,)):
        """Runs a line of shell in a container."""
        return self.run("vzctl exec2 %d '%s'" % (ctid, command.replace("'", "'\\''")), timeout, accept)

    def expect(self, true, otherwise):
        if not true:
            raise CommandFailed(str(otherwise))

    def listed(self, ctid, names):
        return self.run("vzlist -a -H -o %s %d" % (names, ctid)).split()

    def fill(self, ctid, mebibytes):
        """True if that many fit into one file beside what is there."""
        line = "rm -f /var/full; head -c %dM /dev/zero >/var/full && sync && echo fitted" % mebibytes
        return self.inside(ctid, line, timeout=300, accept=(0, 1)).endswith("fitted")

    def seen_size(self, ctid):
        """KiB of the root file system as the inside sees it."""
        return int(self.inside(ctid, "df -k --output=size / | tail -n 1"))

    def install_package(self, deb, seconds):
        """By apt from the disk that brings it, which no boot mounts."""
        self.run("mkdir -p {0}; mountpoint -q {0} || mount -o ro /dev/vdb {0}".format(PARCEL))
        return self.run("apt-get -q -y install %s/%s" % (PARCEL, deb), timeout=seconds)

    def pids(self):
        """Host's process id of every running container's init, by what the kernel says of its namespaces."""
        said = self.run(
            "for c in %s/[0-9]*/payload; do n=${c%%/payload}; echo ${n##*/} $(cat $c/init.scope/cgroup.procs | head -n 1); done"
            % CGROUP
        )
        return {int(line.split()[0]): int(line.split()[1]) for line in said.splitlines() if len(line.split()) == 2}

    def same_inits(self, before):
        now = self.pids()
        self.expect(now == before, "the processes of containers changed: %s, now %s" % (before, now))

    def boot(self, seconds=600):
        start = time.monotonic()
        self.machine.power_on()
        self.machine.await_shell(seconds)
        self.run("systemctl is-system-running --wait", timeout=seconds, accept=(0, 1))
        return "up after %d s" % (time.monotonic() - start)

    def await_daemon(self, seconds=900):
        self.run("timeout %d sh -c 'until vzlist -a >/dev/null 2>&1; do sleep 1; done'" % seconds, timeout=seconds + 30)

    def await_running(self, ctids, seconds=900):
        """Until init of each says that it is up."""
        for ctid in ctids:
            self.run(
                "timeout %d sh -c 'until vzctl exec2 %d systemctl is-system-running 2>/dev/null | grep -qx running; do sleep 1; done' || "
                "{ vzctl status %d; vzctl exec %d systemctl --failed; exit 1; }" % (seconds, ctid, ctid, ctid),
                timeout=seconds + 60,
            )

    def evidence(self):
        """What helps to understand a failure, as far as the machine still answers."""
        out = []
        for command in ("lamina doctor", "vzlist -a", "lamina operations", "systemctl --failed", "journalctl -b -u laminad -n 80 --no-pager",
                        "dmesg | tail -n 30", "cat /run/lamina/ct/*/launch.log", "free -m; df -h /"):  # fmt: skip
            try:
                out.append("# %s\n%s\n" % (command, self.run(command, timeout=60, accept=range(256))))
            except CommandFailed as failure:
                out.append("# %s\n" % failure)
                break  # Who does not answer once will not answer the rest.
        return "".join(out)

    # -- the checks

    def stock(self):
        """The host: systemd, cgroup v2 alone, AppArmor, project quotas"""
        booted = self.boot()
        self.run(
            "echo 'Acquire::http::Proxy \"http://10.0.2.2:%d\";' >/etc/apt/apt.conf.d/90cache" % self.archive.port
        )
        self.expect(self.run("cat /proc/1/comm") == "systemd", "systemd is not PID 1")
        self.expect(self.run("stat -fc %T /sys/fs/cgroup") == "cgroup2fs", "no cgroup2 at /sys/fs/cgroup")
        self.run("grep ' cgroup ' /proc/mounts", accept=(1,))
        self.expect(self.run("cat /sys/module/apparmor/parameters/enabled") == "Y", "no AppArmor")
        self.run("grep -q '^/dev/vda / ext4 .*prjquota' /proc/mounts")
        self.expect(not self.failed_units(), self.failed_units())
        return "%s, %s, %s" % (self.run("uname -r"), self.run("systemctl --version | sed -n 's/ (.*//p'"), booted)

    def failed_units(self):
        return self.run("systemctl --failed --plain --no-legend")

    def install(self):
        """apt install ./lamina.deb; the daemon runs; lamina doctor"""
        said = self.install_package(self.debs[0], 1800)
        packages = re.search(r"(\d+) newly installed", said)
        self.run("systemctl is-active laminad lamina-containers")
        self.run("systemctl is-enabled laminad lamina-containers")
        self.await_daemon()
        self.doctor = self.run("lamina doctor", accept=(0, 5))
        self.expect(" missing " not in self.doctor, self.doctor)
        self.expect(re.search(r"(?m)^lxcfs +ok", self.doctor), self.doctor)
        return "%s packages" % packages[1]

    def build(self):
        """A template from the host's package sources, signatures checked"""
        start = time.monotonic()
        if self.quick:
            self.run("mkdir -p {0} && cat >{0}/small.json <<'END'\n{1}END".format(OWN, SMALL % ((self.machine.image.code,) * 4)))
        self.run("vzpkg create cache " + self.template, timeout=2400)
        return "%s in %d s" % (self.template, time.monotonic() - start)

    def layouts(self):
        """The same disk limits on XFS by project quota, and by images"""
        self.run("apt-get -q -y install xfsprogs", timeout=900)
        self.run("truncate -s 700M /var/xfs && mkfs.xfs -q /var/xfs && mkdir /mnt/xfs && mount -o loop,prjquota /var/xfs /mnt/xfs")
        on_xfs = self.with_setting("VE_PRIVATE=/mnt/xfs/private", lambda: self.resized(110, "quota"))
        self.run("umount /mnt/xfs && rm /var/xfs")
        image = self.with_setting("VE_LAYOUT=image", lambda: self.resized(111, "image"))
        return "XFS: %s; image: %s" % (on_xfs, image)

    def with_setting(self, setting, work):
        """Does something while the daemon has a setting of its configuration; no container is there."""
        conf = "/etc/lamina/lamina.conf"
        self.run("cp -p {0} /root/before && echo {1} >>{0} && systemctl restart laminad".format(conf, setting), timeout=240)
        try:
            self.await_daemon()
            return work()
        finally:
            self.run("cp -p /root/before %s && systemctl restart laminad" % conf, timeout=240)
            self.await_daemon()

    def resized(self, ctid, layout):
        """A container that is filled, enlarged while it runs, and made smaller; what was seen."""
        self.run("vzctl create %d --ostemplate %s --diskspace 64M" % (ctid, self.template))
        self.run("vzctl start %d --wait" % ctid, timeout=600)
        before = self.pids()
        self.expect(self.listed(ctid, "layout,diskspace.h") == [layout, "65536"], self.listed(ctid, "layout,diskspace.h"))
        sizes = [self.seen_size(ctid)]
        self.expect(self.fill(ctid, 20) and not self.fill(ctid, 100), "64 MiB are not the limit")
        self.run("vzctl set %d --diskspace 200M --save" % ctid)
        sizes.append(self.seen_size(ctid))
        self.expect(self.fill(ctid, 100), "200 MiB do not hold 100")
        self.inside(ctid, "rm /var/full; sync")
        self.same_inits(before)
        smaller = "vzctl set %d --diskspace 96M --save" % ctid
        if layout == "image":
            self.run(smaller, accept=(32,))
            self.run("vzctl stop %d && %s && vzctl start %d --wait" % (ctid, smaller, ctid), timeout=900)
        else:
            self.run(smaller)
            self.same_inits(before)
        sizes.append(self.seen_size(ctid))
        self.expect(not self.fill(ctid, 150), "smaller again, and 150 MiB fit")
        wanted = (65536, 204800, 98304)
        # An image's own tables are no room for files.
        self.expect(all(0.6 * most < size <= most for size, most in zip(sizes, wanted)), "df inside shows %s" % sizes)
        self.run("vzctl stop %d --fast && vzctl destroy %d" % (ctid, ctid), timeout=300)
        return "df shows %s KiB" % ", ".join(map(str, sizes))

    def containers(self):
        """Three containers, with systemd running inside"""
        for ctid in CONTAINERS:
            self.run("vzctl create %d --ostemplate %s --hostname ct%d" % (ctid, self.template, ctid))
        self.run("vzctl set 101 --onboot yes --save && vzctl set 102 --onboot yes --save && vzctl set 103 --onboot no --save")
        took = []
        for ctid in CONTAINERS:
            start = time.monotonic()
            self.run("vzctl start %d --wait" % ctid, timeout=600)
            took.append("%d s" % (time.monotonic() - start))
        self.await_running(CONTAINERS)
        self.expect(set(self.pids()) == set(CONTAINERS), "the kernel shows %s" % self.pids())
        self.expect(self.inside(101, "stat -fc %T /sys/fs/cgroup") == "cgroup2fs", "no cgroup2 inside")
        controllers = self.inside(101, "cat /sys/fs/cgroup/cgroup.controllers")
        self.expect({"memory", "pids", "cpu"} <= set(controllers.split()), "controllers inside: " + controllers)
        return "started in " + ", ".join(took)

    def limits(self):
        """Limits of memory, CPU, processes and disk throughput hold, inside and outside"""
        self.run("vzctl set 101 --ram 192M --swap 0 --cpulimit 50 --numproc 80 --save")
        files = {"memory.max": str(192 << 20), "cpu.max": "50000 100000", "pids.max": "80"}
        for name, wanted in files.items():
            found = self.run("cat %s/101/%s" % (CGROUP, name))
            self.expect(found == wanted, "%s is %s, not %s" % (name, found, wanted))
        total = int(self.inside(101, "free -m").split("Mem:")[1].split()[0])
        self.expect(total == 192, "free shows %d MiB" % total)
        self.inside(101, "head -c 400m /dev/zero | tail | wc -c", accept=(0, 137))
        kills = int(re.search(r"oom_kill (\d+)", self.run("cat %s/101/memory.events" % CGROUP))[1])
        self.expect(kills > 0, "400 MiB fitted into 192")
        # Both by the machine's clock, which may be slower than this host's.
        spent = "sed -n 's/usage_usec //p' %s/101/cpu.stat; cut -d ' ' -f 1 /proc/uptime" % CGROUP
        loops = "for i in 1 2; do timeout %d sh -c \"while :; do :; done\" & done; wait; true"
        self.inside(101, loops % 2)
        before = [float(word) for word in self.run(spent).split()]
        self.inside(101, loops % 8, timeout=240)
        after = [float(word) for word in self.run(spent).split()]
        share = (after[0] - before[0]) / 1e4 / (after[1] - before[1])
        self.expect(share < 65, "two loops had %d%% of a CPU" % share)
        waiting = re.search(r"waiting +cpu ([0-9.]+)%", self.run("vzctl stat 101"))
        self.expect(waiting and float(waiting[1]) > 5, "no pressure after two loops at half a CPU")
        # They must outlive the starting of the last one, and are ended from outside, where there is room for one more.
        said = self.inside(101, "for i in $(seq 150); do sleep 999 >/dev/null 2>&1 & done", timeout=180, accept=(0, 1, 2, 254))
        self.run("pkill -xf 'sleep 999'")
        self.expect("fork" in said or "Resource" in said, "150 processes fitted into 80: " + said[-300:])
        self.run("vzctl set 101 --ram 512M --cpulimit 0 --numproc unlimited --iolimit 2M --save")
        # No faster, however slow the machine is: 16 MiB take at least 8 seconds.
        said = self.inside(101, "dd if=/dev/zero of=/var/io bs=256k count=64 oflag=direct 2>&1; rm /var/io", timeout=600)
        seconds = float(re.search(r"copied, ([0-9.]+) s", said)[1])
        self.expect(seconds > 6.8, "16 MiB at 2 MiB/s took %s" % said)
        self.run("vzctl set 101 --iolimit 0 --save")
        # A guest may give its own units limits: the controllers reach it.
        unit = "systemd-run -q --wait -p MemoryMax=30M -p MemorySwapMax=0 sh -c \"head -c 90m /dev/zero | tail >/dev/null\""
        self.inside(101, unit, accept=(1, 137, 143, 247, 9))
        return "two busy loops had %d%% of a CPU and waited %s%% of the time, %d killed for memory, 16 MiB written in %.1f s" % (share, waiting[1], kills, seconds)

    def disk(self):
        """Disk limits by project quota: held, live both ways, as the inside sees them"""
        def limit(options):
            self.run("vzctl set 102 %s --save" % options)

        limit("--diskspace 64M --diskinodes 2000:3000")
        shown = self.listed(102, "layout,diskspace.h,diskinodes.h")
        self.expect(shown == ["quota", "65536", "3000"], shown)
        self.expect(self.seen_size(102) == 65536, "df inside shows %d" % self.seen_size(102))
        self.expect(self.fill(102, 30) and not self.fill(102, 100), "64 MiB are not the limit")
        used = int(self.listed(102, "diskspace")[0])
        self.expect(40000 < used <= 65536, "full, and %d KiB used" % used)
        self.run("test $(df -k --output=avail / | tail -n 1) -gt 1000000")  # The host has room.
        limit("--diskspace 200M")
        self.expect(self.fill(102, 100), "200 MiB do not hold 100")
        self.run("vzctl set 102 --diskspace 64M --save", accept=(62,))
        self.inside(102, "rm /var/full; sync")
        limit("--diskspace 64M")
        self.expect(not self.fill(102, 100), "smaller again, and 100 MiB fit")
        self.inside(102, "rm /var/full; mkdir /var/many; cd /var/many; for n in $(seq 3100); do : >$n || exit 9; done", timeout=300, accept=(2, 9))
        inodes = int(self.listed(102, "diskinodes")[0])
        self.expect(inodes == 3000, "%d inodes at a limit of 3000" % inodes)
        self.inside(102, "rm -r /var/many", timeout=300)
        limit("--diskspace unlimited --diskinodes unlimited")
        self.expect(self.fill(102, 100), "no limit, and 100 MiB do not fit")
        self.inside(102, "rm /var/full")
        return "64 MiB held (%d KiB used), 200 MiB live, back, 3000 inodes" % used

    def network(self):
        """Addresses, ping, NAT to the outside, a published port"""
        for ctid, address in ADDRESS.items():
            self.run("vzctl set %d --ipadd %s --save" % (ctid, address))
        self.inside(101, "ping -c 2 -W 20 %s" % ADDRESS[102])
        self.run("ping -c 2 -W 20 %s" % ADDRESS[101])
        self.inside(102, "ping -c 2 -W 20 10.0.2.2")
        line = "exec 3<>/dev/tcp/10.0.2.2/%d; printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3; head -n 1 <&3" % self.archive.port
        answer = self.inside(102, "bash -c '%s'" % line, timeout=60)
        self.expect("404" in answer, "the outside answered " + answer)
        self.run("vzctl set 101 --publish 8022:22 --save")
        self.expect("SSH-2.0" in self.machine.banner(8022), "nothing answers on the published port")
        return "10.77.0.101 and .102; ssh inside reached from outside"

    def service(self):
        """Restart, stop, start and death of the daemon: containers keep running"""
        before = self.pids()
        start = time.monotonic()
        self.run("systemctl restart laminad", timeout=240)
        took = time.monotonic() - start
        self.same_inits(before)
        self.inside(102, "true")
        self.run("systemctl stop laminad", timeout=120)
        self.same_inits(before)
        self.run("vzctl exec2 101 true", accept=(10, 3))
        self.expect("SSH-2.0" in self.machine.banner(8022), "the published port is gone with the daemon")
        self.run("systemctl start laminad", timeout=240)
        self.run("kill -9 $(systemctl show -P MainPID laminad)")
        self.await_daemon()
        self.same_inits(before)
        self.inside(101, "true")
        # The service manager writes the tree of cgroups anew; controllers of containers must stay.
        held = self.run("cat %s/cgroup.subtree_control" % CGROUP)
        self.run("systemctl daemon-reload && systemctl daemon-reexec && systemctl set-property --runtime cron.service CPUWeight=50 && "
                 "systemctl set-property --runtime cron.service CPUWeight= && systemctl restart cron", timeout=240)  # fmt: skip
        self.expect(self.run("cat %s/cgroup.subtree_control" % CGROUP) == held, "systemd took controllers away")
        self.run("vzctl set 102 --ram 300M --save && grep -qx %d %s/102/memory.max" % (300 << 20, CGROUP))
        return "restarted in %.1f s, controllers %s" % (took, held)

    def lxcfs(self):
        """lxcfs is replaced in running containers when it dies"""
        self.run("vzctl set 102 --ram 300M --save")
        self.run("kill -9 $(cat %s/lxcfs/cgroup.procs)" % CGROUP)
        self.run("timeout 90 sh -c 'until vzctl exec2 102 \"free -m\" 2>/dev/null | grep -q \"Mem: *300 \"; do sleep 1; done'", timeout=120)
        return "free inside shows 300 MiB again"

    def upgrade(self):
        """Upgrade to a newer package: containers keep running"""
        before = self.pids()
        self.install_package(self.debs[1], 1200)
        self.await_daemon()
        self.same_inits(before)
        self.inside(101, "true")
        return self.run("dpkg-query -W lamina").replace("\t", " ")

    def patch(self):
        """A new generation reaches running containers without a restart"""
        before = self.pids()
        self.run("printf '%s\\n' 'set -e' 'echo patched >/usr/share/stock-host' 'echo patched >/etc/stock-host' >/root/change")
        self.run("vzpkg update cache %s --run /root/change" % self.template, timeout=1200)
        said = self.run("vzpkg rollout %s" % self.template, timeout=1200, accept=(0, 22))
        for ctid in CONTAINERS:
            seen = self.inside(ctid, "cat /usr/share/stock-host /etc/stock-host", accept=(0, 1))
            self.expect(seen.split() == ["patched", "patched"], "container %d shows %r\n%s" % (ctid, seen, said))
        self.same_inits(before)
        self.run("vzpkg rollback %s" % self.template, timeout=1200, accept=(0, 22))
        self.run("vzctl exec2 102 test ! -e /usr/share/stock-host")
        self.run("vzpkg rollout %s" % self.template, timeout=1200, accept=(0, 22))
        self.inside(103, "cat /usr/share/stock-host")
        self.same_inits(before)
        return "rolled out, back, and out again; no init was restarted"

    def reboot(self):
        """Reboot of the host: containers of the boot come back, with their network"""
        self.machine.reboot(900)
        self.await_daemon()
        self.await_running((101, 102))
        self.expect(set(self.pids()) == {101, 102}, "running: %s" % self.pids())
        self.inside(101, "ping -c 2 -W 20 %s" % ADDRESS[102])
        self.expect("SSH-2.0" in self.machine.banner(8022), "the published port did not come back")
        stopped = self.run("journalctl -b -1 -u lamina-containers.service -o cat")
        self.expect("fail" not in stopped.lower(), stopped)
        self.expect(not self.failed_units(), self.failed_units())
        return "101 and 102 came back, 103 stayed off"

    def power_cut(self):
        """Power cut in the middle of work: what was acknowledged is there, nothing is half-done"""
        done = self.work_until_cut()
        self.boot(900)
        self.await_daemon()
        started = done["started"] - done["ending"]
        self.await_running((101, 102, *sorted(started)))
        unfinished = [o for o in self.run("lamina operations").splitlines()[1:] if re.search(r"\brunning\b", o)]
        self.expect(not unfinished, unfinished)
        listed = set(map(int, self.run("vzlist -a -H -o ctid").split()))
        private = set(map(int, self.run("ls -A /var/lib/lamina/private").split()))
        self.expect(listed == private, "in the list %s, on the disk %s" % (sorted(listed), sorted(private)))
        lost = done["created"] - done["ending"] - listed
        self.expect(not lost, "acknowledged and lost: %s" % sorted(lost))
        self.expect(not done["destroyed"] & listed, "destroyed and there again: %s" % sorted(done["destroyed"] & listed))
        self.run("for c in /var/lib/lamina/private/*/ve.conf; do grep -q '^OSTEMPLATE=' $c || { echo $c; cat $c; exit 1; }; done")
        for ctid in sorted(listed - set(CONTAINERS)):
            # Whatever was cut off in its creation or its end can be used, or is not there.
            self.run("vzctl start %d" % ctid, timeout=600, accept=(0, 32))
            self.run("vzctl stop %d --fast && vzctl destroy %d" % (ctid, ctid), timeout=300)
        self.run("vzpkg rollout %s" % self.template, timeout=1200, accept=(0, 22))
        for ctid in (101, 102):
            self.inside(ctid, "grep -h . /usr/share/stock-host /etc/stock-host")
        told = sum(map(len, done.values())) - len(done["ending"])
        return "%d commands were acknowledged before the cut, %d containers checked" % (told, len(listed))

    def work_until_cut(self):
        """Commands one after the other, on two lines, until the power goes; what was acknowledged."""
        self.run(
            "cat >/root/work <<'END'\n"
            "for n in $(seq $1 $(($1 + 40))); do\n"
            "  vzctl create $n --ostemplate %s >/dev/null 2>&1 && echo created $n\n"
            "  [ $((n %% 2)) = 0 ] || { vzctl start $n >/dev/null 2>&1 && echo started $n; }\n"
            "  [ $((n %% 3)) = 0 ] && continue\n"
            "  echo ending $n\n"
            "  { vzctl stop $n --fast; vzctl destroy $n; } >/dev/null 2>&1 && echo destroyed $n\n"
            "done\nEND" % self.template
        )
        self.run("printf '%s\\n' 'echo again >/usr/share/stock-host' >/root/change")
        # What reaches this program counts; the machine's own copy only says when to cut.
        self.run("rm -f /root/said; touch /root/said")
        lines = [self.machine.begin("sh /root/work %d | tee -a /root/said" % first) for first in (201, 303)]
        self.machine.begin("vzpkg update cache %s --run /root/change && vzpkg rollout %s" % (self.template, self.template))
        self.run("timeout 900 sh -c 'until [ $(cat /root/said | wc -l) -ge %d ]; do sleep 1; done'" % self.cut_after, timeout=1000)
        self.machine.power_cut()
        done = {word: set() for word in ("created", "started", "ending", "destroyed")}
        for line in lines:
            said, _ = line.communicate(timeout=60)
            for word, ctid in re.findall(r"(?m)^(\w+) (\d+)$", said.decode(errors="replace")):
                done[word].add(int(ctid))
        self.expect(done["created"], "nothing was acknowledged")
        return done

    def remove(self):
        """Remove is refused while containers run; purge asks before data"""
        self.run("apt-get -q -y remove lamina", timeout=300, accept=(100,))
        self.run("systemctl is-active laminad")
        self.run("for c in $(vzlist -H -o ctid); do vzctl stop $c || exit; done", timeout=400)
        self.run("apt-get -q -y remove lamina", timeout=600)
        self.run("systemctl is-active laminad", accept=(3, 4))
        self.run("test -e /etc/lamina/lamina.conf && test -d /var/lib/lamina/private/101")
        said = self.run("apt-get -q -y purge lamina", timeout=300)
        self.expect("LAMINA_PURGE_DATA" in said, "purge did not ask: " + said)
        self.run("test -d /var/lib/lamina/private/101/ && ! test -e /etc/lamina/lamina.conf")
        return "refused, and kept the data"

    def purge(self):
        """Installed again, everything is there; purged with the data, nothing is left"""
        self.install_package(self.debs[1], 1200)
        self.await_daemon()
        self.expect(set(self.run("vzlist -a -H -o ctid").split()) >= {"101", "102", "103"}, "the containers were not found again")
        # For a new installation the host has just booted: those of the boot start by themselves.
        self.await_running((101, 102))
        self.run("vzctl stop 101 && vzctl stop 102", timeout=400)
        self.run("rm -rf " + OWN)  # An operator's own files are not Lamina's to remove.
        said = self.run("LAMINA_PURGE_DATA=yes apt-get -q -y purge lamina", timeout=600)
        left = self.run(
            "ls -d /var/lib/lamina /run/lamina /etc/lamina /var/log/lamina %s /run/systemd/system/lamina* 2>/dev/null; "
            "grep lamina /proc/mounts; grep lamina /etc/group; ls /sys/class/net | grep veth; nft list tables | grep lamina; "
            "pgrep -a -f [/]usr/lib/lamina; true" % CGROUP
        )
        self.expect(not left, "left behind:\n" + left)
        self.expect(not self.failed_units(), self.failed_units())
        return "found again, and gone without a trace"

    def quiet(self):
        """The kernel had nothing to complain about, AppArmor denied nothing"""
        said = self.machine.serial.read_text(errors="replace")
        # No call traces: the kernel writes one for each process that it kills for memory, as it was made to.
        bad = re.findall(r"(?m)^.*(?:BUG:|WARNING:|Oops|EXT4-fs error|blocked for more).*$", said)
        self.expect(not bad, "\n".join(bad[:20]))
        denied = self.run("journalctl _TRANSPORT=kernel -o cat --no-pager | grep 'apparmor=\"DENIED\"'; true")
        self.expect(not denied, denied[-2000:])
        self.run("ls -d /hs_err_pid*", accept=(2,))  # What a Java runtime leaves that was killed by an error of its own.
        return "nothing"

    def checks(self):
        """(function, whether anything can follow if it fails)"""
        return [
            (self.stock, True), (self.install, True), (self.build, True), *([] if self.quick else [(self.layouts, False)]), (self.containers, True), (self.limits, False),
            (self.disk, False), (self.network, False), (self.service, False), (self.lxcfs, False), (self.upgrade, False), (self.patch, False),
            (self.reboot, True), (self.power_cut, True), (self.remove, True), (self.purge, False),
            (self.quiet, False),
        ]  # fmt: skip
