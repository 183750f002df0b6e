"""python3 -m rpmrepo TARGET: makes TARGET/{release,updates} and small bad repositories beside them."""

import argparse
import json
import os
import shutil
import tempfile

from . import base, build, changes, convert, debs, selection, site

BAD = ("unsigned", "foreign", "failing", "unresolved")
STATES = ("release", "updates", "own", "nothing", "stubs") + BAD


def main():
    parser = argparse.ArgumentParser(prog="rpmrepo", description=__doc__)
    parser.add_argument("--debs", required=True, help="directory for downloaded packages, kept")
    parser.add_argument("--definitions", required=True, help="definitions whose packages get stubs")
    parser.add_argument("target", help="directory to make; replaced if it is there")
    arguments = parser.parse_args()
    target = os.path.abspath(arguments.target)
    fetched = debs.fetch(selection.SYSTEM + selection.MORE + ["dpkg"], os.path.abspath(arguments.debs))
    reached, provided = debs.closure(selection.SYSTEM + selection.MORE, fetched)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    made = tempfile.mkdtemp(prefix=".rpmrepo-", dir=os.path.dirname(target))
    try:
        make(made, fetched, reached, provided, asked_for(arguments.definitions))
        shutil.rmtree(target, ignore_errors=True)
        os.chmod(made, 0o755)
        os.rename(made, target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    print("%d packages" % len(os.listdir(os.path.join(target, "release"))))


def asked_for(definitions):
    """Every package that a shipped definition of the rpm family names."""
    names = set()
    for file in sorted(os.listdir(definitions)):
        with open(os.path.join(definitions, file), encoding="utf-8") as text:
            definition = json.load(text)
        if definition["family"] == "rpm":
            names.update(definition["packages"])
    return sorted(names)


def make(made, fetched, reached, provided, stubs):
    work = os.path.join(made, "work")
    roots = os.path.join(work, "roots")
    os.makedirs(roots)

    def first(name):
        return empty(os.path.join(roots, name))

    def second(name):
        return empty(os.path.join(roots, name + ".updated"))

    jobs = [(p, os.path.join(roots, p.name), "release") for p in base.packages(fetched, first) + site.release(first)]
    jobs += [(p, os.path.join(roots, p.name + ".updated"), "updates") for p in site.updates(second)]
    jobs += [(p, os.path.join(roots, p.name), "own") for p in site.own(first)]
    jobs += [(site.bad(kind, first("bad-" + kind)), os.path.join(roots, "bad-" + kind), kind) for kind in BAD]
    for name in stubs:
        jobs.append((site.stub(name, first("stub-" + name)), os.path.join(roots, "stub-" + name), "stubs"))
    for repository in STATES:
        os.makedirs(os.path.join(made, repository))

    def converted(deb):
        out = []
        root = first(selection.renamed(deb.name))
        package = convert.convert(deb, reached, provided, root)
        out.append((package, root, "release"))
        if deb.name in changes.CHANGED:
            root = second(package.name)
            package = convert.convert(deb, reached, provided, root)
            package.release += changes.SUFFIX
            changes.CHANGED[deb.name](root, package)
            out.append((package, root, "updates"))
        if deb.name in changes.OWN:
            root = empty(os.path.join(roots, package.name + ".own"))
            package = convert.convert(deb, reached, provided, root)
            package.version = changes.OWN[deb.name]
            changes.CHANGED[deb.name](root, package)
            out.append((package, root, "own"))
        return [built(*job) for job in out]

    def built(package, root, repository):
        workplace = os.path.join(work, repository)
        os.makedirs(workplace, exist_ok=True)
        return repository, build.build(package, root, workplace, os.path.join(made, repository))

    # The large ones first, so that none of them runs alone at the end.
    largest = sorted(reached.values(), key=lambda deb: -os.path.getsize(deb.file))
    files = [pair for pairs in build.parallel(converted, largest) for pair in pairs]
    files += build.parallel(lambda job: built(*job), jobs)
    sign(made, work, files)
    build.parallel(lambda name: build.index(os.path.join(made, name)), STATES)
    shutil.rmtree(work)


def sign(made, work, files):
    ours = build.Key(os.path.join(work, "key"), "Lamina test distribution")
    other = build.Key(os.path.join(work, "other"), "Somebody else")
    try:
        ours.export(os.path.join(made, "key.asc"))
        other.export(os.path.join(made, "other.asc"))
        ours.sign([file for name, file in files if name not in ("unsigned", "foreign")])
        other.sign([file for name, file in files if name == "foreign"])
    finally:
        ours.end()
        other.end()


def empty(directory):
    os.makedirs(directory)
    return directory


main()
