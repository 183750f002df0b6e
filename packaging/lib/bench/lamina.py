"""Lamina from the assembled tree, as a private instance."""

import json
import os
import pathlib
import shutil
import subprocess

from . import shell
from .peer import Peer

SETTINGS = """STATE_DIR="{base}/state"
RUN_DIR="{run}"
DEFINITIONS_DIR="{tree}/usr/share/lamina/templates.d"
LIBEXEC="{tree}/usr/lib/lamina"
LAMINA_GROUP="root"
LOCAL_UID="536870912"
CGROUP="lamina-bench"
"""


class Lamina(Peer):
    name = "lamina"

    def __init__(self, base, tree, template):
        self.base = pathlib.Path(base)
        self.run_dir = pathlib.Path("/run/lamina-bench")
        self.tree = pathlib.Path(tree)
        self.shipped = template
        self.template = template + "-bench"
        self.env = {"LAMINA_SOCKET": str(self.run_dir / "lamina.sock")}
        self.daemon = None

    def start_daemon(self):
        (self.base / "etc").mkdir(parents=True, exist_ok=True)
        config = self.base / "etc" / "lamina.conf"
        config.write_text(SETTINGS.format(base=self.base, run=self.run_dir, tree=self.tree))
        shutil.copytree(
            self.tree / "etc/lamina/samples", self.base / "etc/samples", dirs_exist_ok=True
        )
        with open(self.base / "laminad.log", "ab") as log:
            self.daemon = subprocess.Popen(
                [self.tree / "usr/lib/lamina/laminad"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "LAMINA_CONF": str(config)},
            )
        shell.until(self._answers, 60, 0.02, "laminad answers; see %s" % (self.base / "laminad.log"))

    def stop_daemon(self):
        """Containers go on."""
        self.daemon.terminate()
        self.daemon.wait(30)

    def _answers(self):
        if self.daemon.poll() is not None:
            raise shell.CommandFailed("laminad ended: %s" % (self.base / "laminad.log").read_text())
        try:
            self.tool("vzlist", "-a")
            return True
        except shell.CommandFailed:
            return False

    def build_template(self):
        """Builds the root file system that every peer uses; returns its directory.

        It is the shipped template with the programs that measure from inside.
        """
        # fio brings Python, whose binary format LXD's containers cannot register.
        more = {"packages": ["fio", "iperf3"], "maskedUnits": ["systemd-binfmt.service"]}
        self.define(self.template, self.shipped, more)
        self.tool("vzpkg", "create", "cache", self.template)
        found = sorted((self.base / "state/template" / self.template).glob("*/fs"))
        if not found:
            raise shell.CommandFailed("no generation of %s was published" % self.template)
        return found[0]

    def set_up(self, rootfs):
        pass  # The template is the root file system already.

    def tear_down(self):
        if self.daemon is None:
            return
        for ctid in self.tool("vzlist", "-a", "-H", "-o", "ctid").split():
            self.tool("vzctl", "stop", ctid, "--fast")
            self.tool("vzctl", "destroy", ctid)
        self.stop_daemon()
        shutil.rmtree(self.run_dir, ignore_errors=True)
        for cgroup in list(pathlib.Path("/sys/fs/cgroup").glob("*/lamina-bench")):
            cgroup.rmdir()

    def define(self, template, like, more=None, suites=None):
        """A definition like a shipped one, with more of some lists, or with other suites."""
        shipped = self.tree / "usr/share/lamina/templates.d" / (like + ".json")
        definition = json.loads(shipped.read_text())
        for key, words in (more or {}).items():
            definition[key] = sorted({*definition[key], *words})
        definition["suites"] = suites or definition["suites"]
        own = self.base / "etc/templates.d"
        own.mkdir(exist_ok=True)
        (own / (template + ".json")).write_text(json.dumps(definition))

    def create_on(self, template, number, *options):
        self._vzctl("create", number, "--ostemplate", template, "--hostname", "b%d" % number, *options)

    def processes(self, number):
        """Processes of a container as the host sees them."""
        name = "%d" % (1000 + number)
        found = set()
        for cgroup in pathlib.Path("/sys/fs/cgroup").glob("*/lamina-bench/" + name):
            for file in cgroup.rglob("cgroup.procs"):
                found.update(file.read_text().split())
        return found

    def create(self, number):
        address = "10.215.%d.%d" % (number // 250, number % 250 + 1)
        self.create_on(self.template, number, "--ipadd", address)

    def start(self, number):
        self._vzctl("start", number)

    def start_wait(self, number):
        """The manager's own way of waiting until init is up."""
        self._vzctl("start", number, "--wait")

    def begin_start(self, number):
        return shell.begin(self.tree / "usr/bin/vzctl", "start", 1000 + number, env=self.env)

    def stop(self, number):
        self._vzctl("stop", number)

    def destroy(self, number):
        self._vzctl("destroy", number)

    def discard(self, number):
        self.tool("vzctl", "stop", 1000 + number, "--fast", accept=range(256))
        self.destroy(number)

    def execute(self, number, *command, accept=(0,), stdin=subprocess.DEVNULL):
        return self.tool("vzctl", "exec3", 1000 + number, *command, accept=accept, stdin=stdin)

    def status(self, number):
        self._vzctl("status", number)

    def listing(self):
        self.tool("vzlist", "-a")

    def limit_memory(self, number, mib):
        self._vzctl("set", number, "--ram", "%dM" % mib, "--save")

    def own_files(self, number):
        return self.base / "state/private" / str(1000 + number)

    def daemon_pid(self):
        return self.daemon.pid

    def overhead_pids(self):
        return [
            pid
            for pid, command in shell.host_processes()
            if str(self.run_dir) + "/" in command and pid != self.daemon.pid
        ]

    def _vzctl(self, verb, number, *options):
        self.tool("vzctl", verb, 1000 + number, *options)

    def tool(self, program, *arguments, accept=(0,), stdin=subprocess.DEVNULL):
        command = self.tree / "usr/bin" / program
        return shell.run(command, *arguments, env=self.env, accept=accept, stdin=stdin)
