"""Turns Debian packages into packages of rpm with their real content and dependencies."""

import os
import shutil

import rpm

from . import debs, selection, spec

# Directories of every system; one package has them.
COMMON = set(
    """
boot dev etc home proc root run srv sys tmp usr var usr/bin usr/sbin usr/lib usr/lib64 usr/share usr/include
usr/libexec usr/local usr/src etc/default etc/profile.d etc/skel etc/pam.d etc/systemd etc/logrotate.d
usr/lib/x86_64-linux-gnu usr/lib/systemd usr/lib/systemd/system usr/lib/tmpfiles.d usr/lib/sysusers.d
usr/lib/systemd/system-preset var/cache var/lib var/log var/spool var/tmp var/mail var/opt var/local opt mnt media
""".split()
)


def convert(deb, reached, provided, root):
    """Unpacks below root and describes the package that rpmbuild makes of it."""
    entries = deb.unpack(root)
    extra = configuration(deb, root)
    epoch, version, release = spec.evr(deb.version)
    return spec.Package(
        name=selection.renamed(deb.name),
        version=version,
        release=release,
        epoch=epoch,
        summary=deb.summary,
        requires=requires(deb, reached, provided),
        provides=provides(deb, version, release, epoch),
        files=[(e.path, attributes(e, deb)) for e in entries if e.path not in COMMON]
        + extra
        + [(path, "%ghost %attr(0644,root,root)") for path in selection.GHOSTS.get(deb.name, [])],
        scriptlets=scriptlets(deb),
    )


def configuration(deb, root):
    """Files that a maintainer script of Debian would have put in place."""
    out = []
    for path, target in selection.LINKS.get(deb.name, []):
        os.symlink(target, os.path.join(root, path))
        out.append((path, ""))
    for source, path, mode in selection.CONFIGURATION.get(deb.name, []):
        shutil.copyfile(os.path.join(root, source), os.path.join(root, path))
        out.append((path, "%%config(noreplace) %%attr(%04o,root,root)" % mode))
    return out


def attributes(entry, deb):
    member = entry.member
    if member.issym():
        return ""
    parts = ["%%attr(%04o,%s,%s)" % (entry.mode, owner(member.uname), owner(member.gname))]
    if member.isdir():
        parts.insert(0, "%dir")
    elif entry.path in deb.conffiles:
        parts.insert(0, "%config(noreplace)")
    if entry.path in selection.CAPABILITIES:
        parts.append("%%caps(%s)" % selection.CAPABILITIES[entry.path])
    return " ".join(parts)


def owner(name):
    """Groups of Debian that this system does not have are root here."""
    return name if name in ("root", "shadow", "tty", "mail", "utmp", "systemd-journal") else "root"


def requires(deb, reached, provided):
    out = ["setup"] + selection.NEEDED.get(deb.name, [])
    for group in deb.depends:
        target = debs.chosen(group, reached, provided)
        if target is None or target not in reached or target == deb.name:
            continue
        name, relation, version = next((a for a in group if a[0] == target), (target, None, None))
        want = selection.renamed(name)
        if relation in ("=", ">=", ">>") and satisfied(reached[target].version, relation, version):
            want += " %s %s" % ({">>": ">"}.get(relation, relation), evr_text(version))
        out.append(want)
    out += [name for name, users in (("systemd", selection.UNITS), ("shadow-utils", selection.USERS)) if deb.name in users]
    if deb.name in selection.ALTERNATIVES:
        out.append("alternatives")
    return sorted(set(out) - {selection.renamed(deb.name)})


def satisfied(have, relation, want):
    """Whether rpm, which orders versions in a way of its own, sees the dependency fulfilled."""
    order = rpm.labelCompare(label(have), label(want))
    return {"=": order == 0, ">=": order >= 0, ">>": order > 0}[relation]


def label(version):
    epoch, upstream, release = spec.evr(version)
    return str(epoch), upstream, release


def evr_text(version):
    epoch, upstream, release = spec.evr(version)
    return ("%d:" % epoch if epoch else "") + upstream + "-" + release


def provides(deb, version, release, epoch):
    own = ("%d:" % epoch if epoch else "") + version + "-" + release
    out = [name for name, _, _ in deb.provides if name not in selection.DROPPED]
    if selection.renamed(deb.name) != deb.name:
        out.append("%s = %s" % (deb.name, own))
    if deb.name == "bash":
        out += ["/bin/sh", "/usr/bin/sh", "/bin/bash"]
    return out


def scriptlets(deb):
    """What a package of the family says here, in its words: presets, users before files, alternatives."""
    before, after, gone = [], [], []
    for user, home in selection.USERS.get(deb.name, []):
        before.append(
            "getent passwd %s >/dev/null || useradd --system --user-group --no-create-home --home-dir %s"
            " --shell /usr/sbin/nologin %s" % (user, home, user)
        )
    for unit in selection.UNITS.get(deb.name, []):
        after.append("[ $1 -ne 1 ] || systemctl --no-reload preset %s >/dev/null 2>&1 || :" % unit)
        gone.append("[ $1 -ne 0 ] || systemctl --no-reload disable --now %s >/dev/null 2>&1 || :" % unit)
    for link, name, path, priority in selection.ALTERNATIVES.get(deb.name, []):
        after.append("update-alternatives --install %s %s %s %d >/dev/null" % (link, name, path, priority))
        gone.append("[ $1 -ne 0 ] || update-alternatives --remove %s %s" % (name, path))
    out = {}
    if before:
        out["%pre"] = "\n".join(before)
    if after:
        out["%post"] = "\n".join(after)
    if gone:
        out["%preun"] = "\n".join(gone)
    if deb.name == "libc-bin":
        # As in the distributions themselves: one run for all libraries of a transaction.
        out["%post"] = "/sbin/ldconfig"
        out["%transfiletriggerin -P 2000000 -- /usr/lib /usr/lib64"] = "/sbin/ldconfig"
        out["%transfiletriggerpostun -P 2000000 -- /usr/lib /usr/lib64"] = "/sbin/ldconfig"
    if deb.name == "systemd":
        out["%transfiletriggerin -P 1000700 -- /usr/lib/sysusers.d"] = "systemd-sysusers || :"
        out["%transfiletriggerin -P 1000600 -- /usr/lib/tmpfiles.d"] = (
            "SYSTEMD_LOG_LEVEL=err systemd-tmpfiles --create --prefix=/var --prefix=/etc || :"
        )
    return out
