"""The disk of a stock Debian machine: its own packages, its own kernel, nothing of Lamina.

For a quick run it also has what Lamina's package depends on, put in while the disk is built.
"""

import pathlib
import re
import shutil
import subprocess

from . import shell
from .release import KEYRING, RELEASES

# What an installation of a server has beside the packages of priority "important"; nothing of what
# Lamina's package asks for by name.
PACKAGES = [
    "apparmor",
    "ca-certificates",
    "dbus",
    "ifupdown",
    "initramfs-tools",
    "linux-image-cloud-amd64",
    "openssh-server",
    "perl",
    "python3",
    "systemd-sysv",
    "zstd",
]
# What would only take time while somebody waits for the machine.
MASKED = [
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "dpkg-db-backup.timer",
    "e2scrub_all.timer",
    "e2scrub_reap.service",
    "fstrim.timer",
    "man-db.timer",
    "systemd-timesyncd.service",
]
DISK_BYTES = 8 << 30
FILES = {
    # The kernel's command line switches project quotas on. Named here too, systemd 257 would start
    # quotaon of a package that Lamina does not need, and count it as failed.
    "etc/fstab": "/dev/vda / ext4 errors=remount-ro 0 1\n",
    "etc/hostname": "stock\n",
    "etc/hosts": "127.0.0.1 localhost\n127.0.1.1 stock\n::1 localhost\n",
    "etc/network/interfaces": "auto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet static\n"
    "  address 10.0.2.15/24\n  gateway 10.0.2.2\n",
    "etc/resolv.conf": "nameserver 10.0.2.3\n",
    # No grub: qemu starts the kernel, and the first file system has just the drivers of this machine.
    "etc/initramfs-tools/conf.d/stock-host": "MODULES=list\nCOMPRESS=zstd\n",
}
# Debian has quotas as a module, without which a file system that keeps them cannot be mounted.
MODULES = "virtio_pci\nvirtio_blk\next4\nquota_v2\ncrc32c_generic\n"


class Image:
    """Files of a release's image in one directory: disk, kernel, initrd."""

    def __init__(self, base, release, also=()):
        self.release, self.code, self.packages = release, RELEASES[release], [*PACKAGES, *also]
        self.directory = pathlib.Path(base) / ("debian-%s%s" % (release, "-quick" if also else ""))
        self.disk = self.directory / "disk"
        self.kernel = self.directory / "vmlinuz"
        self.initrd = self.directory / "initrd"

    def complete(self):
        return (self.directory / "complete").exists()

    def build(self, mirrors, archive, public_key):
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)
        root = self.directory / "root"
        self.install(root, mirrors, archive)
        self.configure(root, mirrors, public_key)
        for name, target in (("vmlinuz", self.kernel), ("initrd.img", self.initrd)):
            files = sorted((root / "boot").glob(name + "-*"))
            shutil.copyfile(files[-1], target)
        make_disk(self.disk, DISK_BYTES, "-O", "quota,project", "-d", root)
        shutil.rmtree(root)
        (self.directory / "complete").touch()

    def install(self, root, mirrors, archive):
        shell.run(
            "mmdebstrap",
            "--mode=root",
            "--variant=important",
            "--format=directory",
            "--include=" + ",".join(self.packages),
            "--keyring=" + str(KEYRING),
            '--aptopt=Acquire::http::Proxy "http://127.0.0.1:%d"' % archive.port,
            # The lists stay, as on a machine whose administrator has looked for updates.
            "--skip=cleanup/apt/lists,cleanup/apt/cache",
            self.code,
            root,
            *mirrors.lines(self.code),
            timeout=900,
        )

    def configure(self, root, mirrors, public_key):
        for name, text in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).unlink(missing_ok=True)
            (root / name).write_text(text)
        with open(root / "etc/initramfs-tools/modules", "a", encoding="ascii") as modules:
            modules.write(MODULES)
        (root / "etc/apt/sources.list").write_text("\n".join(mirrors.lines(self.code)) + "\n")
        # mmdebstrap leaves the options for its own apt there.
        (root / "etc/apt/apt.conf.d/99mmdebstrap").unlink()
        for package in (root / "var/cache/apt/archives").glob("*.deb"):
            package.unlink()
        keys = root / "root/.ssh"
        keys.mkdir(mode=0o700, exist_ok=True)
        (keys / "authorized_keys").write_text(public_key)
        for unit in MASKED:
            link = root / "etc/systemd/system" / unit
            link.unlink(missing_ok=True)
            link.symlink_to("/dev/null")
        shell.run("chroot", root, "update-initramfs", "-u", timeout=300)


def needed_by(deb):
    """Names of the packages that a package depends on or recommends."""
    fields = [shell.run("dpkg-deb", "--field", deb, field, timeout=60) for field in ("Depends", "Recommends")]
    return re.findall(r"(?:^|, )([a-z0-9+.-]+)", ", ".join(field.strip() for field in fields))


def make_disk(file, size, *options):
    """An ext4 file system in a file that takes only the room it needs."""
    with open(file, "wb") as disk:
        disk.truncate(size)
    shell.run("mke2fs", "-q", "-F", "-t", "ext4", "-E", "lazy_itable_init=1,root_owner=0:0", *options, file, timeout=300)


def copy(source, target):
    subprocess.run(["cp", "--sparse=always", "--reflink=auto", source, target], check=True, timeout=300)
