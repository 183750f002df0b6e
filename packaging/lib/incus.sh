# shellcheck shell=bash
# Installs Incus where this host's release or its backports have it. Needs common.sh and apt.sh.

INCUS=/usr/libexec/incus/incusd

# ensure_incus: says so where there is none, and fails nothing.
ensure_incus() {
  local candidate place
  [ ! -x "$INCUS" ] || return 0
  candidate=$(apt-cache policy incus-base | sed -n 's/^ *Candidate: //p')
  if [ -n "$candidate" ] && [ "$candidate" != '(none)' ]; then
    quietly "Installing incus-base" apt_install incus-base
    return 0
  fi
  place=$(mktemp -d)
  quietly "Looking for Incus in the backports of this release" incus_from_backports "$place"
  rm -rf "$place"
  [ -x "$INCUS" ] || note "Incus is not in this release, nor in its backports: it is left out"
}

# incus_from_backports PLACE: with apt sources and lists of its own, so that the host's stay as they
# are. Succeeds also where the backports are not to be had.
incus_from_backports() {
  local signed=/usr/share/keyrings/debian-archive-keyring.gpg own code uri
  code=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  # shellcheck disable=SC2016 # apt's own variables
  uri=$(apt-get indextargets --format '$(CODENAME) $(ORIGIN) $(REPO_URI)' 'Created-By: Packages' |
    sed -n "s/^$code Debian //p" | head -n 1)
  [ -n "$code" ] && [ -n "$uri" ] || return 0
  mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
  printf "deb [signed-by=$signed] $uri %s main\n" "$code" "$code-backports" >"$1/sources.list"
  own=(-o "Dir::Etc::sourcelist=$1/sources.list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$1/lists" -o "Dir::Cache=$1/cache" -o APT::Sandbox::User=root)
  apt_quiet "${own[@]}" update || return 0
  apt_quiet "${own[@]}" install --no-install-recommends incus-base || return 0
}
