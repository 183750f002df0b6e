"""Spec files: pure functions from what a package holds to the text that rpmbuild reads."""

import dataclasses
import re


@dataclasses.dataclass
class Package:
    """A binary package to be built.

    files: list of (path without leading slash, attributes for %files)
    scriptlets: section such as "%post -p /sbin/ldconfig" to its body
    """

    name: str
    version: str
    release: str
    summary: str
    epoch: int = 0
    requires: list = dataclasses.field(default_factory=list)
    provides: list = dataclasses.field(default_factory=list)
    obsoletes: list = dataclasses.field(default_factory=list)
    files: list = dataclasses.field(default_factory=list)
    scriptlets: dict = dataclasses.field(default_factory=dict)
    noarch: bool = False

    @property
    def evr(self):
        return ("%d:" % self.epoch if self.epoch else "") + self.version + "-" + self.release


def evr(version):
    """A Debian version as epoch, version and release."""
    epoch, _, rest = version.rpartition(":")
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, "1"
    return int(epoch or 0), clean(upstream), clean(revision)


def clean(text):
    return re.sub(r"[^A-Za-z0-9.+~_]", "_", text)


def text(package, root):
    """The spec file of a package whose content lies below root."""
    lines = [
        "Name: " + package.name,
        "Version: " + package.version,
        "Release: " + package.release,
        "Summary: " + package.summary.replace("%", "%%"),
        "License: see the source",
        "AutoReqProv: no",
    ]
    if package.epoch:
        lines.append("Epoch: %d" % package.epoch)
    if package.noarch:
        lines.append("BuildArch: noarch")
    lines += ["Requires: " + name for name in package.requires]
    lines += ["Provides: " + name for name in package.provides]
    lines += ["Obsoletes: " + name for name in package.obsoletes]
    lines += ["%description", package.summary.replace("%", "%%"), "%install"]
    lines += ['mkdir -p "$RPM_BUILD_ROOT"', 'cp -al "%s/." "$RPM_BUILD_ROOT/"' % root]
    for section, body in package.scriptlets.items():
        lines += [section, body.rstrip()]
    lines.append("%files")
    lines += ["%s %s" % (attributes, quoted(path)) for path, attributes in package.files]
    return "\n".join(lines) + "\n"


def quoted(path):
    """A path as %files takes it. A name that is no complete pattern, such as /usr/bin/[, stands for itself."""
    return '"/%s"' % path.replace("%", "%%")
