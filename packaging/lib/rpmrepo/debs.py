"""Debian packages: what a system needs of them, and what is in one."""

import dataclasses
import email.parser
import os
import re
import subprocess
import tarfile
import tempfile

from . import selection


@dataclasses.dataclass
class Entry:
    """One object of a package's content; path without the leading slash, /usr merged."""

    path: str
    member: tarfile.TarInfo

    @property
    def mode(self):
        return self.member.mode & 0o7777


@dataclasses.dataclass
class Deb:
    file: str
    name: str
    version: str
    summary: str
    depends: list
    provides: list
    conffiles: set

    @staticmethod
    def read(file):
        text = run("dpkg-deb", "--field", file)
        fields = email.parser.HeaderParser().parsestr(text)
        depends = []
        for key in ("Pre-Depends", "Depends"):
            depends += [group for group in fields.get(key, "").split(",") if group.strip()]
        return Deb(
            file=file,
            name=fields["Package"],
            version=fields["Version"],
            summary=fields["Description"].splitlines()[0],
            depends=[alternatives(group) for group in depends],
            provides=[alternatives(word)[0] for word in fields.get("Provides", "").split(",") if word.strip()],
            conffiles=conffiles(file),
        )

    def unpack(self, directory):
        """Writes regular files below the directory; returns every entry, sorted."""
        entries = {}
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", self.file], stdout=subprocess.PIPE) as dpkg:
            with tarfile.open(fileobj=dpkg.stdout, mode="r|") as tar:
                for member in tar:
                    path = merged(member.name)
                    if not path or not selection.wanted(path):
                        continue
                    link_to_itself = member.issym() and merged(member.linkname) == path
                    if not link_to_itself:
                        entries[path] = Entry(path, member)
                        write(tar, member, os.path.join(directory, path))
        if dpkg.returncode != 0:
            raise RuntimeError("dpkg-deb cannot read " + self.file)
        return [entries[path] for path in sorted(entries)]


def write(tar, member, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if member.isfile():
        with open(target, "wb") as out:
            out.write(tar.extractfile(member).read())
        os.utime(target, (member.mtime, member.mtime))
        os.chmod(target, 0o644 | (member.mode & 0o111))
    elif member.isdir():
        os.makedirs(target, exist_ok=True)
    elif member.issym():
        os.symlink(member.linkname, target)
    elif member.islnk():
        os.link(os.path.join(target[: -len(merged(member.name))], merged(member.linkname)), target)
    else:
        raise RuntimeError("%s is neither file, directory nor link" % member.name)


def merged(name):
    """The path as it is where /bin, /sbin and /lib are links into /usr."""
    path = re.sub(r"^\.?/", "", name).rstrip("/")
    return re.sub(r"^(bin|sbin|lib|lib64)(/|$)", r"usr/\1\2", path)


def alternatives(group):
    """A dependency as (name, relation, version) for each of its alternatives."""
    out = []
    for word in group.split("|"):
        found = re.match(r"\s*([a-z0-9][a-z0-9+.-]*)(?::\w+)?\s*(?:\(\s*([<>=]+)\s*([^)\s]+)\s*\))?", word)
        out.append((found.group(1), found.group(2), found.group(3)))
    return out


def conffiles(file):
    done = subprocess.run(
        ["dpkg-deb", "--info", file, "conffiles"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    lines = done.stdout.decode().split("\n") if done.returncode == 0 else []
    return {merged(line.strip()) for line in lines if line.startswith("/")}


def fetch(names, directory):
    """Downloads these packages and all that they need on an empty system; returns them by name."""
    os.makedirs(os.path.join(directory, "partial"), exist_ok=True)
    status = os.path.join(directory, "status")
    with open(status, "w", encoding="ascii"):
        pass
    settings = {
        "Dir::State::status": status,
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "Debug::NoLocking": "true",
        "APT::Sandbox::User": "",
        "APT::Install-Recommends": "false",
        "Acquire::Retries": "3",
    }
    apt = ["apt-get", "-q", "-y"]
    for key, value in settings.items():
        apt += ["-o", key + "=" + value]
    store = ["-o", "Dir::Cache::archives=" + directory, "--download-only"]
    try:
        run(*apt, *store, "install", *names)
    except RuntimeError:
        # The lists may be missing, or older than what the mirror still has.
        run("apt-get", "-q", "update")
        run(*apt, *store, "install", *names)
    with tempfile.TemporaryDirectory() as nothing:
        os.mkdir(os.path.join(nothing, "partial"))
        uris = run(*apt, "-o", "Dir::Cache::archives=" + nothing, "--print-uris", "install", *names)
    files = [line.split()[1] for line in uris.splitlines() if line.startswith("'")]
    return {deb.name: deb for deb in (Deb.read(os.path.join(directory, file)) for file in files)}


def closure(names, debs):
    """The packages that are reached from these by dependencies, without the dropped ones."""
    provided = {}
    for deb in debs.values():
        for name, _, _ in deb.provides:
            provided.setdefault(name, deb.name)
    reached = {}
    pending = list(names)
    while pending:
        name = pending.pop()
        if name in reached or name in selection.DROPPED:
            continue
        if name not in debs:
            raise RuntimeError("apt fetched no package " + name)
        reached[name] = debs[name]
        for group in debs[name].depends:
            target = chosen(group, debs, provided)
            if target:
                pending.append(target)
    return reached, provided


def chosen(group, debs, provided):
    """The package that fulfils a dependency, None if none of those we have."""
    for name, _, _ in group:
        if name in debs:
            return name
        if name in provided:
            return provided[name]
    return None


def run(*command, env=None):
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})},
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(
            "%s: exit code %d\n%s%s"
            % (" ".join(map(str, command)), done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
        )
    return done.stdout.decode()
