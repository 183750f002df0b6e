"""Running commands of this machine, never without a limit of time."""

import subprocess


class CommandFailed(Exception):
    pass


def run(*command, timeout, accept=(0,), cwd=None):
    """Runs a command; returns what it wrote. Raises with the end of all it said unless it succeeded."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, cwd=cwd, check=False
        )
    except subprocess.TimeoutExpired:
        raise CommandFailed("%s: not done after %d s" % (" ".join(words), timeout)) from None
    out, said = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    if done.returncode not in accept:
        raise CommandFailed("%s: exit code %d\n%s" % (" ".join(words), done.returncode, (out + said)[-4000:]))
    return out
