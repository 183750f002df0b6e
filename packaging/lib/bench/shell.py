"""Running commands and reading the clock."""

import os
import subprocess
import time


class CommandFailed(Exception):
    pass


def run(*command, env=None, accept=(0,), timeout=900, stdin=subprocess.DEVNULL):
    """Runs a command; returns its standard output. Raises with all it said unless it succeeded."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(env or {})},
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise CommandFailed("%s: not done in %d s" % (" ".join(map(str, command)), timeout)) from late
    if done.returncode not in accept:
        raise CommandFailed(
            "%s: exit code %d\n%s%s"
            % (
                " ".join(map(str, command)),
                done.returncode,
                done.stdout.decode(errors="replace"),
                done.stderr.decode(errors="replace"),
            )
        )
    return done.stdout.decode(errors="replace")


def begin(*command, env=None):
    """Starts a command without waiting; what it says is kept for finish()."""
    return subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **(env or {})},
    )


def finish(process, timeout=300):
    """Waits for a command that begin() started; raises with what it said unless it succeeded."""
    _, said = process.communicate(timeout=timeout)
    if process.returncode != 0:
        raise CommandFailed(
            "%s: exit code %d\n%s"
            % (" ".join(process.args), process.returncode, said.decode(errors="replace"))
        )


def timed(action, *arguments):
    """Milliseconds that a call takes."""
    start = time.monotonic_ns()
    action(*arguments)
    return (time.monotonic_ns() - start) / 1e6


def until(condition, seconds, step=0.005, what="condition"):
    """Polls until the condition is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise CommandFailed("not within %d s: %s" % (seconds, what))
        time.sleep(step)


def pss_kib(pid):
    """Memory of a process in KiB, shared pages by their share; 0 if it is gone."""
    try:
        with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as lines:
            for line in lines:
                if line.startswith("Pss:"):
                    return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return 0


def rss_kib(pid):
    with open("/proc/%d/status" % pid, encoding="ascii", errors="replace") as lines:
        for line in lines:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0


def cpu_seconds(pid):
    """Processor time that a process has taken so far."""
    with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def host_processes():
    """(pid, command line) of every process that lives in the host's own pid namespace."""
    own = os.readlink("/proc/self/ns/pid")
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            if os.readlink("/proc/%s/ns/pid" % name) != own:
                continue
            with open("/proc/%s/cmdline" % name, "rb") as file:
                command = file.read().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        if command:
            yield int(name), command


def children(pid):
    """Direct children of a process; none if it is gone."""
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


def memory_kib(*names):
    """The sum of some lines of /proc/meminfo."""
    with open("/proc/meminfo", encoding="ascii") as lines:
        return sum(int(line.split()[1]) for line in lines if line.split(":")[0] in names)


def drop_caches():
    """Clean pages out of memory, for every manager alike."""
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
        file.write("3")
