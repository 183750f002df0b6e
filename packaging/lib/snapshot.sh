# shellcheck shell=bash
# What a run must leave as it found it: mounts, cgroups, network interfaces, processes.
# Needs common.sh.

# take_snapshot DIRECTORY
take_snapshot() {
  mkdir -p "$1"
  awk '{ for (i = 7; i <= NF; i++) if ($i == "-") break; print $5, $(i + 1), $(i + 2) }' \
    /proc/self/mountinfo | grep -vE '^/run/(credentials|user)/' | sort >"$1/mounts"
  awk '$3 ~ /^cgroup2?$/ { print $2 }' /proc/mounts | while IFS= read -r mount; do
    find "$mount" -mindepth 1 -type d 2>/dev/null || true
  done | not_of_others | sort -u >"$1/cgroups"
  find /sys/class/net -mindepth 1 -maxdepth 1 -printf '%f\n' | sort >"$1/interfaces"
  { find /run/netns /run/lamina -mindepth 1 -maxdepth 2 2>/dev/null || true; } | sort >"$1/run-files"
  snapshot_processes | sort >"$1/processes"
}

# not_of_others: drops cgroups of the host's services and sessions and those beside our own, which
# come and go as their owners like. What has Lamina in its name is never dropped.
not_of_others() {
  local beside
  beside=$(sed -n 's:^[^\:]*\:[^\:]*\:\(/.*\)/[^/]*$:\1:p' /proc/self/cgroup | sort -u | paste -sd '|')
  awk -v beside="(${beside:-/no such cgroup})/" '
    /lamina/ { print; next }
    $0 ~ /\/(system|user)\.slice\/|\/init\.scope/ || $0 ~ beside { next }
    { print }'
}

# One line per process of this run or of containers: pid, start time, what it is. "Of this run" is
# what has our mark in its environment or our directories in its command line; "of containers" is
# what lives in another pid namespace or in one of Lamina's cgroups. Other people's processes come
# and go as they like. The shell that asks, its ancestors and
# their other children are not listed: what is left over has lost its parent.
snapshot_processes() {
  local own_ns directory pid parent start command ancestors=' ' walk=$BASHPID
  own_ns=$(readlink /proc/self/ns/pid)
  while [ "${walk:-0}" -gt 1 ]; do
    ancestors+="$walk "
    walk=$(awk '/^PPid:/ { print $2 }' "/proc/$walk/status")
  done
  for directory in /proc/[0-9]*; do
    pid=${directory#/proc/}
    case $ancestors in *" $pid "*) continue ;; esac
    parent=$(awk '/^PPid:/ { print $2 }' "$directory/status" 2>/dev/null) || continue
    case $ancestors in *" $parent "*) continue ;; esac
    command=$(tr '\0\n' '  ' <"$directory/cmdline" 2>/dev/null) || continue
    [ -n "$command" ] || continue
    if of_this_run "$directory" "$own_ns" "$command"; then
      start=$(awk '{ sub(/.*\) /, ""); print $20 }' "$directory/stat" 2>/dev/null) || continue
      printf '%s %s %s\n' "$pid" "$start" "${command:0:200}"
    fi
  done
}

of_this_run() {
  local directory=$1 own_ns=$2 command=$3 namespace
  namespace=$(readlink "$directory/ns/pid" 2>/dev/null) || return 1
  [ "$namespace" = "$own_ns" ] || return 0
  case $command in *"$LAMINA_PKG/target"* | */lamina-acceptance*) return 0 ;; esac
  grep -q '/lamina' "$directory/cgroup" 2>/dev/null && return 0
  [ -n "${LAMINA_RUN_MARK-}" ] &&
    tr '\0' '\n' <"$directory/environ" 2>/dev/null | grep -qxF "LAMINA_RUN_MARK=$LAMINA_RUN_MARK"
}

# compare_snapshots BEFORE AFTER: says what is different; the status is that of the comparison.
compare_snapshots() {
  local kind status=0 change
  for kind in mounts cgroups interfaces run-files processes; do
    change=$(diff --unchanged-line-format= --old-line-format='  gone: %L' --new-line-format='  left: %L' \
      "$1/$kind" "$2/$kind") && continue
    printf '%s are not as before:\n%s\n' "$kind" "$change"
    status=1
  done
  return "$status"
}

# settled BEFORE AFTER: takes the second snapshot, again for a few seconds while it differs, because
# the kernel removes some things late.
settled() {
  local try
  for try in 1 2 3 4 5; do
    take_snapshot "$2"
    compare_snapshots "$1" "$2" >/dev/null && break
    sleep "$try"
  done
  compare_snapshots "$1" "$2"
}
