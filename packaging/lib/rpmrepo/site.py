"""Packages made for tests: one for each thing that an update can do, in both states; and bad ones."""

import os

from .base import write
from .spec import Package

_PLAIN = "%attr(0644,root,root)"
_DIRECTORY = "%dir %attr(0755,root,root)"


def release(root_of):
    """Packages of the first state."""
    return [
        base(root_of("site-base"), 1),
        case(root_of("site-case"), 1),
        hooks(root_of("site-hooks")),
        legacy(root_of("site-legacy")),
    ]


def updates(root_of):
    """Packages of the second state that replace or obsolete those of the first."""
    return [base(root_of("site-base"), 2), case(root_of("site-case"), 2), modern(root_of("site-modern"))]


def own(root_of):
    """Packages that only containers install."""
    return [extra(root_of("site-own")), later(root_of("site-later")), slow(root_of("site-slow"))]


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


def case(root, state):
    """A file for everything that may have become of it in a container."""
    lib, etc, var = "usr/lib/site-case", "etc/site-case", "var/lib/site-case"
    when = 1700000000 + 100000 * state
    plain = ["file", "whiteout", "opaque/a", "opaque/b", "gone.d/a", "hard1", "suid", "capable"]
    plain += ["removed", "todir", "tofile/a"] if state == 1 else ["added", "opaque/new", "gone.d/new", "todir/a", "tofile"]
    directories = [lib, lib + "/opaque", lib + "/gone.d", lib + ("/tofile" if state == 1 else "/todir")]
    files = [(path, _DIRECTORY) for path in directories]
    files += [(etc, "%%dir %%attr(%s,root,root)" % ("0755" if state == 1 else "0711"))]
    files += [(var, _DIRECTORY), (var + "/state", "%%dir %%attr(%s,root,root)" % ("0755" if state == 1 else "0750"))]
    os.makedirs(os.path.join(root, var, "state"))
    capable = "%attr(0755,root,root) %caps(cap_net_raw=ep)"
    special = {"suid": "%attr(4755,root,root)", "capable": capable}
    for name in plain:
        write(root, lib + "/" + name, "%s %d\n" % (name, state), when=when)
        files.append((lib + "/" + name, special.get(name, _PLAIN)))
    os.link(os.path.join(root, lib, "hard1"), os.path.join(root, lib, "hard2"))
    files.append((lib + "/hard2", _PLAIN))
    write(root, var + "/capable", "capable %d\n" % state, when=when)
    files.append((var + "/capable", capable))
    for name in ("plain", "edited", "deleted"):
        write(root, "%s/%s.conf" % (etc, name), "%s %d\n" % (name, state), when=when)
        files.append(("%s/%s.conf" % (etc, name), "%config(noreplace) " + _PLAIN))
    commands = range(state + 1)
    for n in commands:
        write(root, "usr/bin/casecmd%d" % n, "#!/bin/sh\n", mode=0o755, when=when)
        files.append(("usr/bin/casecmd%d" % n, "%attr(0755,root,root)"))
    install = "update-alternatives --install /usr/bin/casecmd casecmd /usr/bin/casecmd%d 1%d >/dev/null"
    scriptlets = {"%post": "\n".join(install % (n, n) for n in commands)}
    if state == 2:
        # rpm itself never replaces a directory by a file.
        scriptlets["%pretrans"] = "[ ! -d /usr/lib/site-case/tofile ] || rm -r /usr/lib/site-case/tofile"
    return Package(
        "site-case",
        str(state),
        "1.el9",
        "A file for every case",
        requires=["bash", "setup", "alternatives"],
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
        requires=["site-base >= 2"],
        files=files,
        noarch=True,
    )


def extra(root):
    write(root, "usr/share/site-own/file", "mine\n")
    write(root, "etc/site-own.conf", "own\n")
    files = [("usr/share/site-own", _DIRECTORY), ("usr/share/site-own/file", _PLAIN)]
    files.append(("etc/site-own.conf", "%config(noreplace) " + _PLAIN))
    needs = ["site-base", "zlib"]
    return Package("site-own", "7", "1.el9", "A container's own", requires=needs, files=files, noarch=True)


def later(root):
    write(root, "usr/share/site-later", "later\n")
    files = [("usr/share/site-later", _PLAIN)]
    needs = ["glibc", "site-base", "bash"]
    return Package("site-later", "1", "1.el9", "Installed afterwards", requires=needs, files=files, noarch=True)


def slow(root):
    """Its installation goes on until somebody writes into a pipe."""
    os.makedirs(root, exist_ok=True)
    waits = {"%pre": "touch /tmp/begun\nread x </tmp/go"}
    return Package("site-slow", "1", "1.el9", "Waits", requires=["bash"], scriptlets=waits, noarch=True)


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
