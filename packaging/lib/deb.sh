# shellcheck shell=bash
# Packs the tree into a Debian package, the same bytes for the same input. Needs common.sh.

# The time stamped on every file: the last commit, so that a build can be repeated.
source_epoch() {
  git -C "$LAMINA_TOP" log -1 --format=%ct 2>/dev/null ||
    date -d "$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)</.*:\1:p' "$LAMINA_TOP/pom.xml")" +%s
}

size_of() { du -sh --apparent-size "$1" | cut -f 1; }

# settle_times ROOT: one modification time for all. The class caches record the times of the jars,
# so this runs before training, and dpkg keeps them.
settle_times() {
  find "$1" -newermt "@$SOURCE_DATE_EPOCH" -print0 | xargs -0r touch --no-dereference --date="@$SOURCE_DATE_EPOCH"
}

# no_strangers ROOT: a runtime, no compiler, no second Java, no test library.
no_strangers() {
  local found
  found=$(find "$1" \( -name javac -o -name jlink -o -name '*.jmod' -o -name ct.sym -o -name src.zip \
    -o -name 'junit-*.jar' -o -name 'assertj-*.jar' -o -name 'mockito-*.jar' \) -print)
  [ -z "$found" ] || die "this does not belong in the package: $found"
}

# pack_deb ROOT VERSION OUTPUT
pack_deb() {
  local root=$1 version=$2 output=$3 stage=${3%.deb}.stage size script
  no_strangers "$root"
  rm -rf "$stage"
  cp -a --reflink=auto "$root" "$stage"
  mkdir -p "$stage/DEBIAN"
  size=$(du -sk --apparent-size "$root" | cut -f 1)
  sed -e "s/@VERSION@/$version/" -e "s/@SIZE@/$size/" "$LAMINA_PKG/deb/control" >"$stage/DEBIAN/control"
  install -m 0644 "$LAMINA_PKG/deb/conffiles" "$stage/DEBIAN/conffiles"
  for script in postinst prerm postrm; do
    install -m 0755 "$LAMINA_PKG/deb/$script" "$stage/DEBIAN/$script"
  done
  (cd "$stage" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum) \
    >"$stage/DEBIAN/md5sums"
  find "$stage" -type d -exec chmod 0755 {} +
  settle_times "$stage"
  dpkg-deb --root-owner-group -Zzstd -z9 --build "$stage" "$output.new"
  mv "$output.new" "$output"
  rm -rf "$stage"
}
