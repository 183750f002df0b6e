# shellcheck shell=bash
# Shared by the packaging programs: where things are, how they speak, how they fail.
# Sourced, never run. Callers set -euo pipefail themselves.

# Absolute path of the checkout.
LAMINA_TOP=$(CDPATH='' cd -- "${BASH_SOURCE[0]%/*}/../.." && pwd -P)
LAMINA_PKG=$LAMINA_TOP/packaging
export LAMINA_TOP LAMINA_PKG

if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
  red=$'\e[31m' green=$'\e[32m' dim=$'\e[2m' plain=$'\e[0m'
else
  red='' green='' dim='' plain=''
fi

say() { printf '%s\n' "$*"; }
note() { printf '%s%s%s\n' "$dim" "$*" "$plain"; }

# die MESSAGE [HINT]: ends the program; names the log when there is one.
die() {
  printf '%s%s: %s%s\n' "$red" "${0##*/}" "$1" "$plain" >&2
  if [ -n "${2-}" ]; then printf '  %s\n' "$2" >&2; fi
  if [ -n "${LAMINA_LOG-}" ] && [ -s "${LAMINA_LOG-}" ]; then
    printf '  The whole log: %s\n' "$LAMINA_LOG" >&2
  fi
  exit 1
}

# Milliseconds of the clock that never jumps.
now_ms() {
  local up
  read -r up _ </proc/uptime
  printf '%d' "$((10#${up/./} * 10))"
}

# took START_MS: the time since then as text.
took() {
  local ms=$(($(now_ms) - $1))
  printf '%d.%d s' "$((ms / 1000))" "$((ms % 1000 / 100))"
}

# The version of the product, from the root pom, the one place that has it.
lamina_version() {
  local version
  version=$(sed -n '/<artifactId>lamina<\/artifactId>/,/<\/version>/s:.*<version>\(.*\)</version>.*:\1:p' \
    "$LAMINA_TOP/pom.xml" | head -n 1)
  [ -n "$version" ] || die "no version found in $LAMINA_TOP/pom.xml"
  printf '%s' "$version"
}

# quietly TITLE COMMAND...: runs a command or function with its output in the log and says how long
# it took. On failure shows the end of what it said and ends the program. Must not be called in a
# condition: the shell would then go on after errors inside.
quietly() {
  local title=$1 start mark status
  shift
  start=$(now_ms)
  printf '%s ... ' "$title"
  printf '\n=== %s: %s\n' "$title" "$*" >>"$LAMINA_LOG"
  mark=$(wc -l <"$LAMINA_LOG")
  set +e
  (
    set -e
    "$@"
  ) >>"$LAMINA_LOG" 2>&1 </dev/null
  status=$?
  set -e
  if [ "$status" -eq 0 ]; then
    printf '%sdone%s (%s)\n' "$green" "$plain" "$(took "$start")"
    return 0
  fi
  printf '%sfailed%s (%s)\n' "$red" "$plain" "$(took "$start")"
  tail -n "+$((mark + 1))" "$LAMINA_LOG" | tail -n 25 | cut -c 1-300 | sed 's/^/    /' >&2
  die "this failed with status $status: $title" "${LAMINA_HINT-}"
}

require_root() {
  [ "$(id -u)" -eq 0 ] || die "root is needed: $1" "Run: sudo ${0}"
}

# An amd64 Debian-like Linux is what the package is made for; say so before anything is changed.
require_platform() {
  [ "$(uname -s)" = Linux ] || die "Lamina runs on Linux; this is $(uname -s)"
  [ "$(uname -m)" = x86_64 ] || die "this release is built for x86_64; this machine is $(uname -m)"
  command -v dpkg-deb >/dev/null || die "dpkg-deb is missing: a Debian or Ubuntu host is needed"
}

systemd_is_init() { [ -d /run/systemd/system ]; }
