# shellcheck shell=bash
# The trimmed Java runtime and the ahead-of-time caches. Needs common.sh, jdk.sh and layout.sh.

# Modules found by name at run time only, which jdeps cannot see.
LAMINA_EXTRA_MODULES=jdk.net,jdk.unsupported,java.instrument,java.management,java.naming

# needed_modules APP_DIR: Java modules that the jars in this directory use, comma separated.
needed_modules() {
  local found
  found=$("$JAVA_HOME/bin/jdeps" --ignore-missing-deps --multi-release "$LAMINA_JDK_MIN" \
    --print-module-deps --class-path "$1/*" "$1"/*.jar) || die "jdeps could not read the jars in $1"
  # Warnings come on the same stream; the answer is the last line.
  found=${found##*$'\n'}
  printf '%s' "$LAMINA_EXTRA_MODULES,$found"
}

# make_runtime ROOT CACHE_DIR: links the runtime; a former result for the same JDK, modules and
# options is used again.
make_runtime() {
  local target=$1/usr/lib/lamina/runtime cache=$2 modules key jdk_version
  modules=$(needed_modules "$1/usr/lib/lamina/app")
  jdk_version=$(sed -n 's/^JAVA_RUNTIME_VERSION=//p' "$JAVA_HOME/release")
  key=$(printf '%s|%s|%s|2' "$JAVA_HOME" "$jdk_version" "$modules" | sha256sum | cut -c1-16)
  if [ ! -x "$cache/runtime-$key/bin/java" ]; then
    rm -rf "$cache/runtime-$key.new"
    mkdir -p "$cache"
    "$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-debug --no-man-pages --no-header-files \
      --compress zip-6 --output "$cache/runtime-$key.new"
    trim_runtime "$cache/runtime-$key.new"
    mv "$cache/runtime-$key.new" "$cache/runtime-$key"
  fi
  printf 'modules: %s\n' "$modules"
  rm -rf "$target"
  cp -a "$cache/runtime-$key" "$target"
}

# Takes away what a daemon without windows never loads: native libraries of AWT, sound and fonts
# (java.desktop is there for java.beans alone), other launchers.
trim_runtime() {
  local runtime=$1 name
  for name in awt awt_headless awt_xawt fontmanager freetype javajpeg jawt jsound lcms mlib_image \
    splashscreen; do
    rm -f "$runtime/lib/lib$name.so"
  done
  rm -f "$runtime/lib/psfont"* "$runtime/lib/jrt-fs.jar" "$runtime/lib/jexec"
  find "$runtime/bin" -type f ! -name java -delete
}

# train ROOT PROGRAM: runs a program once as it will run later and keeps what the runtime learned.
# Whatever it writes goes to a directory that is thrown away.
train() {
  local root=$1 program=$2 home=$1/usr/lib/lamina scratch status=0
  # The daemon raises settings of the kernel when it starts as root; a build must not.
  local cautious=(env)
  if unshare --mount true 2>/dev/null; then
    # shellcheck disable=SC2016 # expanded by the inner shell
    cautious=(unshare --mount -- sh -c
      'mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec "$@"' sh)
  fi
  scratch=$(mktemp -d /tmp/lamina-train.XXXXXX)
  rm -f "$home/app/$program.aot"
  training_config "$scratch" "$root" >"$scratch/lamina.conf"
  export LAMINA_CONF=$scratch/lamina.conf LAMINA_SOCKET=$scratch/run/lamina.sock
  # The time to die begins with any signal that timeout passes on, so it has to cover the writing of
  # the cache, which end_daemon waits for.
  "train_$program" "$root" timeout --foreground --kill-after=200 300 "${cautious[@]}" "$home/$program" ||
    status=$?
  rm -rf "$scratch"
  [ -s "$home/app/$program.aot" ] || return "$((status == 0 ? 1 : status))"
  chmod 0644 "$home/app/$program.aot"
}

# await_daemon PID BIN: until it answers. The limits here are for machines that build other things too.
await_daemon() {
  local tries=0
  until timeout 10 "$2/vzlist" -a >/dev/null 2>&1; do
    kill -0 "$1" 2>/dev/null && [ "$tries" -lt 1200 ] || return 1
    tries=$((tries + 1))
    sleep 0.1
  done
}

# end_daemon PID: as an operator would, and by force when that is not heard; 143 is how the Java
# runtime ends on SIGTERM. One that was in training writes its cache first, which takes its time on
# a busy machine.
end_daemon() {
  local tries=0
  kill -TERM "$1"
  while kill -0 "$1" 2>/dev/null && [ "$tries" -lt 1800 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
  wait "$1" || [ $? -eq 143 ]
}

# The daemon answers a few commands that change nothing, so that the cache has what they need.
train_laminad() {
  local bin=$1/usr/bin pid
  shift
  LAMINA_TRAIN=1 "$@" </dev/null &
  pid=$!
  await_daemon "$pid" "$bin" || return 1
  {
    "$bin/vzlist" -a -j
    "$bin/vzlist" -H -o ctid,name,status,numproc
    "$bin/vzctl" status 101
    "$bin/vzctl" start 101
    "$bin/vzctl" exec 101 true
    "$bin/vzctl" set 101 --ram 512M --cpulimit 50 --save
    "$bin/vzctl" create 101 --ostemplate no-such-template
    "$bin/vzpkg" list --available
    "$bin/vzpkg" info debian-12
    "$bin/lamina" help
  } >/dev/null 2>&1 || true
  end_daemon "$pid"
}

# The console is used for a moment on a terminal, against a daemon, because that is what it is for.
# What is typed before it listens may be thrown away by the terminal, so "exit" is typed until it
# has ended.
train_console() {
  local root=$1 pid status=0
  shift
  "$root/usr/lib/lamina/laminad" </dev/null &
  pid=$!
  await_daemon "$pid" "$root/usr/bin" || return 1
  {
    trap '' PIPE
    sleep 2
    printf 'help\nlist\n'
    while sleep 1 && printf 'exit\n' 2>/dev/null; do :; done
  } | HOME=$(dirname "$LAMINA_CONF") LAMINA_TRAIN=1 script -qec "$(printf '%q ' "$@")" /dev/null || status=$?
  end_daemon "$pid"
  return "$status"
}

# training_config DIRECTORY ROOT: a lamina.conf whose every path is in a directory of its own.
training_config() {
  cat <<END
STATE_DIR="$1/state"
RUN_DIR="$1/run"
DEFINITIONS_DIR="$2/usr/share/lamina/templates.d"
LIBEXEC="$2/usr/lib/lamina"
LAMINA_GROUP="$(id -gn)"
CGROUP="lamina-training-$$"
VIRTUOZZO="no"
END
}
