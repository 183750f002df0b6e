"""Packages made for tests: one for each thing that an update can do, in both states; and bad ones."""

import os

from .base import write
from .spec import Package

_PLAIN = "%attr(0644,root,root)"
_DIRECTORY = "%dir %attr(0755,root,root)"


def release(root_of):
    """Packages of the first state."""
    return [base(root_of("site-base"), 1), hooks(root_of("site-hooks")), legacy(root_of("site-legacy"))]


def updates(root_of):
    """Packages of the second state that replace or obsolete those of the first."""
    return [base(root_of("site-base"), 2), modern(root_of("site-modern"))]


def base(root, state):
    """Configuration of both kinds, a file that goes, one that comes, users of both kinds, a trigger."""
    write(root, "etc/site/main.conf", "first=1\nshared=1\nstate=%d\n" % state)
    write(root, "etc/site/plain.conf", "state=%d\n" % state)
    write(root, "usr/share/site/state", "%d\n" % state)
    write(root, "usr/share/site/only-in-%d" % state, "")
    write(root, "usr/bin/site-show", "#!/bin/sh\necho state %d\n" % state)
    files = [
        ("etc/site", _DIRECTORY),
        ("usr/share/site", _DIRECTORY),
        ("var/lib/site", _DIRECTORY),
        ("etc/site/main.conf", "%config(noreplace) " + _PLAIN),
        ("etc/site/plain.conf", "%config " + _PLAIN),
        ("usr/share/site/state", _PLAIN),
        ("usr/share/site/only-in-%d" % state, _PLAIN),
        ("usr/bin/site-show", "%attr(0755,root,root)"),
    ]
    os.makedirs(os.path.join(root, "var/lib/site"))
    before = ""
    if state == 2:
        before = "getent passwd sitesvc >/dev/null || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin sitesvc"
        write(root, "usr/lib/sysusers.d/site.conf", 'u siteusr - "Made by sysusers"\n')
        write(root, "var/lib/site/owned", "of the new user\n")
        files += [("usr/lib/sysusers.d/site.conf", _PLAIN), ("var/lib/site/owned", "%attr(0640,sitesvc,sitesvc)")]
    after = "echo post %d $1 >>/var/lib/site/scriptlets.log" % state
    if state == 2:
        after += "\nupdate-alternatives --install /usr/bin/site site /usr/bin/site-show 10 >/dev/null"
    scriptlets = {
        "%post": after,
        "%preun": "echo preun %d $1 >>/var/lib/site/scriptlets.log\n"
        "[ $1 -ne 0 ] || update-alternatives --remove site /usr/bin/site-show" % state,
        "%postun": "[ $1 -eq 0 ] || echo postun %d $1 >>/var/lib/site/scriptlets.log" % state,
    }
    if before:
        scriptlets = {"%pre": before, **scriptlets}
    files.append(("var/lib/site/scriptlets.log", "%ghost " + _PLAIN))
    return Package(
        "site-base",
        str(state),
        "1.el9",
        "What an update can do",
        requires=["bash", "setup", "shadow-utils", "alternatives"],
        files=files,
        scriptlets=scriptlets,
        noarch=True,
    )


def hooks(root):
    """A package that another one's upgrade sets to work."""
    os.makedirs(os.path.join(root, "var/lib/site-hooks"))
    return Package(
        "site-hooks",
        "1",
        "1.el9",
        "A trigger on a library",
        requires=["bash", "zlib"],
        files=[("var/lib/site-hooks", _DIRECTORY), ("var/lib/site-hooks/log", "%ghost " + _PLAIN)],
        scriptlets={"%triggerin -- zlib": "echo zlib came $1 $2 >>/var/lib/site-hooks/log"},
        noarch=True,
    )


def legacy(root):
    write(root, "usr/share/site-legacy/data", "old\n")
    files = [("usr/share/site-legacy", _DIRECTORY), ("usr/share/site-legacy/data", _PLAIN)]
    return Package("site-legacy", "1", "1.el9", "Obsoleted by the update", files=files, noarch=True)


def modern(root):
    write(root, "usr/share/site-modern/data", "new\n")
    files = [("usr/share/site-modern", _DIRECTORY), ("usr/share/site-modern/data", _PLAIN)]
    return Package(
        "site-modern",
        "1",
        "1.el9",
        "Takes the place of site-legacy",
        provides=["site-legacy = 2"],
        obsoletes=["site-legacy < 2"],
        files=files,
        noarch=True,
    )


def bad(kind, root):
    """One small package for a repository of its own that must not be installed."""
    write(root, "usr/share/bad-%s" % kind, kind + "\n")
    return Package(
        "bad-" + kind,
        "1",
        "1.el9",
        "Must not be installed",
        requires=["no-such-package >= 7"] if kind == "unresolved" else ["bash"],
        files=[("usr/share/bad-%s" % kind, _PLAIN)],
        scriptlets={"%pre": "echo this scriptlet fails >&2\nexit 3"} if kind == "failing" else {},
        noarch=True,
    )


def stub(name, root):
    """A package of this name and nothing in it, to see what a definition asks a repository for."""
    os.makedirs(root, exist_ok=True)
    return Package(name, "1", "1", "Only a name", noarch=True)
