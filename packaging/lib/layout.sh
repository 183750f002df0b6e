# shellcheck shell=bash
# Puts the installed tree together below a root directory. Needs common.sh.

# runtime_jars CLASSPATH_FILE: the jars of one program, one per line, in class path order.
runtime_jars() { tr ':' '\n' <"$1" | grep '\.jar$'; }

# flat_name JAR: the file name a jar gets in app/.
flat_name() { printf '%s' "${1##*/}"; }

# collect_app ROOT PROGRAM MODULE_DIR: copies a program's jars, those of several programs once, and
# writes its class path as file names in order.
collect_app() {
  local root=$1 program=$2 module=$3 app own jar name
  app=$root/usr/lib/lamina/app
  mkdir -p "$app"
  own=$(find "$module/target" -maxdepth 1 -name 'lamina-*.jar' ! -name '*-tests.jar' ! -name '*-sources.jar')
  [ -n "$own" ] || die "no jar in $module/target"
  : >"$app/$program.classpath"
  { printf '%s\n' "$own" && runtime_jars "$module/target/runtime.classpath"; } | while IFS= read -r jar; do
    name=$(flat_name "$jar")
    if [ -e "$app/$name" ]; then
      cmp -s "$jar" "$app/$name" || die "two different jars are called $name"
    else
      install -m 0644 "$jar" "$app/$name"
    fi
    printf '%s\n' "$name" >>"$app/$program.classpath"
  done
}

# main_class MODULE_DIR: the class with the main method that Spring Boot starts.
main_class() {
  local file
  file=$(grep -rlE '^ *(public )?static void main\(' "$1/src/main/java" | head -n 1) || true
  [ -n "$file" ] || return 1
  file=${file#"$1/src/main/java/"}
  file=${file%.java}
  printf '%s' "${file//\//.}"
}

# install_tree SOURCE TARGET MODE: every file of one directory, if there are any.
install_tree() {
  local file
  [ -d "$1" ] || return 0
  while IFS= read -r -d '' file; do
    install -D -m "$3" "$file" "$2/${file#"$1"/}"
  done < <(find "$1" -type f ! -name '*.md' ! -path '*/test/*' -print0 | sort -z)
}

# assemble ROOT: everything but the Java runtime and its caches.
assemble() {
  local root=$1 home=$1/usr/lib/lamina program console_main
  collect_app "$root" laminad "$LAMINA_TOP/manager/daemon"
  collect_app "$root" console "$LAMINA_TOP/manager/console"

  install -m 0755 "$LAMINA_PKG/launch/laminad" "$LAMINA_PKG/launch/laminad-ctl" "$home/"
  console_main=$(main_class "$LAMINA_TOP/manager/console") || console_main=''
  if [ -n "$console_main" ]; then
    sed "s/@MAIN@/$console_main/" "$LAMINA_PKG/launch/console" >"$home/console"
    chmod 0755 "$home/console"
  else
    note "the console has no main class yet: not installed"
  fi

  install_tree "$LAMINA_TOP/agent/src/main/libexec" "$home" 0755
  install_tree "$LAMINA_TOP/templates/src/main/definitions" "$root/usr/share/lamina/templates.d" 0644
  install_tree "$LAMINA_TOP/templates/src/main/libexec" "$home" 0755

  install_client "$root"
  install_tree "$LAMINA_PKG/completion" "$root/usr/share/bash-completion/completions" 0644
  install_manuals "$root"

  install -D -m 0644 "$LAMINA_PKG/etc/lamina.conf" "$root/etc/lamina/lamina.conf"
  install_tree "$LAMINA_PKG/etc/samples" "$root/etc/lamina/samples" 0644
  mkdir -p "$root/etc/lamina/templates.d"
  install_tree "$LAMINA_PKG/systemd" "$root/usr/lib/systemd/system" 0644
  install -D -m 0644 "$LAMINA_PKG/etc/logrotate" "$root/etc/logrotate.d/lamina"
  for program in README.md CHANGELOG.md; do
    install -D -m 0644 "$LAMINA_TOP/$program" "$root/usr/share/doc/lamina/$program"
  done
  install -D -m 0644 "$LAMINA_PKG/deb/copyright" "$root/usr/share/doc/lamina/copyright"
}

# install_client ROOT: one program under the five names that tell it what it is.
install_client() {
  local root=$1 source=$LAMINA_PKG/client/lamina-client name
  if [ ! -f "$source" ]; then
    note "packaging/client/lamina-client is not there yet: no commands installed"
    return 0
  fi
  install -D -m 0755 "$source" "$root/usr/bin/lamina"
  for name in vzctl vzlist vzpkg vznetstat; do
    ln -sf lamina "$root/usr/bin/$name"
  done
}

install_manuals() {
  local root=$1 page section
  [ -d "$LAMINA_PKG/man" ] || return 0
  while IFS= read -r -d '' page; do
    section=${page##*.}
    mkdir -p "$root/usr/share/man/man$section"
    gzip -9nc "$page" >"$root/usr/share/man/man$section/${page##*/}.gz"
  done < <(find "$LAMINA_PKG/man" -type f -name '*.[1-8]' -print0)
}
