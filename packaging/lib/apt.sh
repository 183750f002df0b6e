# shellcheck shell=bash
# Installs what is missing, and nothing else. Needs common.sh.

apt_quiet() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@"
}

# missing_packages ROLE...: the packages of these roles whose file is not there, one per line.
missing_packages() {
  local package file roles role
  while read -r package file roles; do
    case $package in '' | '#'*) continue ;; esac
    for role in "$@"; do
      case ,$roles, in
        *",$role,"*)
          [ -e "$file" ] || printf '%s\n' "$package"
          break
          ;;
      esac
    done
  done <"$LAMINA_PKG/lib/debian-packages"
}

# apt_install PACKAGE...: with the lists as they are; refreshes them only when that fails.
apt_install() {
  apt_quiet install --no-install-recommends "$@" && return 0
  apt_quiet update
  apt_quiet install --no-install-recommends "$@"
}

# ensure_packages ROLE...: installs what is missing for these roles.
ensure_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  if [ "${#missing[@]}" -eq 0 ]; then
    note "Debian packages: nothing is missing"
    return 0
  fi
  require_root "these packages are missing: ${missing[*]}"
  LAMINA_HINT="Check the network and /etc/apt/sources.list*, then run this again." \
    quietly "Installing ${missing[*]}" apt_install "${missing[@]}"
}
