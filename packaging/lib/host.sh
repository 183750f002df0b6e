# shellcheck shell=bash
# Getting the built package onto this host and its daemon going. Needs common.sh and apt.sh.

# Checksums of a package's files. The class caches are left out: they differ from build to build.
deb_sums() { dpkg-deb --ctrl-tarfile "$1" | tar -xO ./md5sums | grep -v '\.aot$' | sort; }
installed_sums() { dpkg-query --control-show lamina md5sums 2>/dev/null | grep -v '\.aot$' | sort; }

# already_installed DEB: true if the same files are installed.
already_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' lamina 2>/dev/null)" = installed ] &&
    [ "$(deb_sums "$1")" = "$(installed_sums)" ]
}

# install_deb DEB: as an operator would, with apt resolving what it depends on.
install_deb() {
  local copy status=0
  # apt reads the file as the user _apt, which may not look into a home directory.
  copy=$(mktemp -d /tmp/lamina-deb.XXXXXX)
  chmod 0755 "$copy"
  cp "$1" "$copy/"
  apt_quiet install --no-install-recommends --reinstall --allow-downgrades \
    -o Dpkg::Options::=--force-confold "$copy/${1##*/}" || status=$?
  rm -rf "$copy"
  return "$status"
}

# start_daemon: whatever it takes on this host; does nothing if it answers already.
start_daemon() {
  /usr/lib/lamina/laminad-ctl status >/dev/null 2>&1 || /usr/lib/lamina/laminad-ctl start
}
