"""Building, signing and indexing."""

import concurrent.futures
import os
import subprocess

from . import spec
from .debs import run

_DEFINES = {
    "_binary_payload": "w3.zstdio",
    "_build_id_links": "none",
    "debug_package": "%{nil}",
    "__os_install_post": "%{nil}",
    "_source_filedigest_algorithm": "8",
    "_binary_filedigest_algorithm": "8",
    "_buildhost": "localhost",
    "source_date_epoch_from_changelog": "0",
    "_missing_doc_files_terminate_build": "0",
    "_unpackaged_files_terminate_build": "1",
    "_rpmfilename": "%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
}


class Key:
    """A signing key of its own in a home of its own."""

    def __init__(self, home, name):
        self.home = home
        self.name = name
        os.makedirs(home, mode=0o700)
        run("gpg", "--batch", "--homedir", home, "--pinentry-mode", "loopback", "--passphrase", "",
            "--quick-generate-key", name, "rsa2048", "sign", "never")

    def export(self, file):
        with open(file, "w", encoding="ascii") as out:
            out.write(run("gpg", "--batch", "--homedir", self.home, "--armor", "--export", self.name))

    def sign(self, files):
        macros = ["--define", "_gpg_name " + self.name, "--define", "_gpg_path " + self.home, "--define", "__gpg /usr/bin/gpg"]
        groups = [files[i::WORKERS] for i in range(WORKERS)]
        parallel(lambda group: group and run("rpmsign", "--addsign", *macros, *group), groups)

    def end(self):
        """No agent outlives the work."""
        subprocess.run(["gpgconf", "--homedir", self.home, "--kill", "all"], check=False)


WORKERS = max(2, os.cpu_count() or 2)


def parallel(function, items):
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(function, items))


def build(package, root, work, output):
    """One binary package; returns its file."""
    file = os.path.join(work, "%s.spec" % package.name)
    with open(file, "w", encoding="utf-8") as out:
        out.write(spec.text(package, root))
    command = ["rpmbuild", "-bb", "--quiet"]
    settings = dict(_DEFINES, _topdir=os.path.join(work, "top-" + package.name), _rpmdir=output)
    for name, value in settings.items():
        command += ["--define", "%s %s" % (name, value)]
    if not package.noarch:
        command += ["--target", "x86_64"]
    run(*command, file, env={"HOME": work})
    arch = "noarch" if package.noarch else "x86_64"
    return os.path.join(output, "%s-%s-%s.%s.rpm" % (package.name, package.version, package.release, arch))


def index(directory):
    run("createrepo_c", "--quiet", "--no-database", "--simple-md-filenames", directory)
