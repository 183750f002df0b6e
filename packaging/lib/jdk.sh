# shellcheck shell=bash
# Finds the JDK that builds Lamina and gives it its trimmed runtime. Needs common.sh and apt.sh.

LAMINA_JDK_MIN=25

# jdk_release DIR: feature release of a complete JDK (compiler, jlink, jdeps), else nothing.
jdk_release() {
  local tool version
  for tool in javac jlink jdeps java; do
    [ -x "$1/bin/$tool" ] || return 0
  done
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null) || true
  printf '%s' "$version"
}

# find_jdk: prints the directory of the JDK to use: JAVA_HOME if it is new enough, else the oldest
# that is new enough below /usr/lib/jvm (a release with long support before a newer one).
find_jdk() {
  local directory release best='' best_release=9999
  if [ -n "${JAVA_HOME-}" ]; then
    release=$(jdk_release "$JAVA_HOME")
    if [ "${release:-0}" -ge "$LAMINA_JDK_MIN" ]; then
      printf '%s' "$JAVA_HOME"
      return 0
    fi
  fi
  for directory in /usr/lib/jvm/* /opt/java/* /opt/jdk*; do
    [ -d "$directory" ] || continue
    release=$(jdk_release "$directory")
    if [ "${release:-0}" -ge "$LAMINA_JDK_MIN" ] && [ "$release" -lt "$best_release" ]; then
      best=$directory best_release=$release
    fi
  done
  [ -n "$best" ] || return 1
  printf '%s' "$best"
}

# ensure_jdk: exports JAVA_HOME; installs Debian's JDK when none is there.
ensure_jdk() {
  local found package=openjdk-$LAMINA_JDK_MIN-jdk-headless
  if ! found=$(find_jdk); then
    if [ "$(id -u)" -eq 0 ] && apt-cache show "$package" >/dev/null 2>&1; then
      quietly "Installing $package" apt_install "$package"
    fi
    found=$(find_jdk) || die "no JDK $LAMINA_JDK_MIN or newer was found in JAVA_HOME or below /usr/lib/jvm" \
      "This release of the distribution has no $package. Install a JDK $LAMINA_JDK_MIN (for example temurin-25-jdk from https://adoptium.net/installation/linux/) or set JAVA_HOME, then run this again."
  fi
  export JAVA_HOME=$found
  note "JDK: $JAVA_HOME"
}
