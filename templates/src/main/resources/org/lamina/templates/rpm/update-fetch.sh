# Finds out what an update would change and fetches it with the host's dnf, which reads a copy of the
# generation's package database. Every signature is checked twice: dnf does, and rpm does again with
# nothing but the keys given. Nothing is installed and nothing of a package is run. Arguments:
#   HELD...    names of installed packages that are not to change
#   --         and then what dnf is asked for
# Leaves in /run/lamina/work/out: after (packages that there would be), newer (what there is for held
# ones), security (what advisories name) and advisories, if any repository tells some.
set -eu
root=/run/lamina/work/root
empty=/run/lamina/work/empty
out=/run/lamina/work/out
mkdir -p "$empty" "$out" /run/lamina/work/none
for key in /run/lamina/given/keys/*; do
  rpmkeys --root "$empty" --import "$key"
  rpmkeys --root "$root" --import "$key"
done
ask() {
  dnf --config=/run/lamina/given/dnf.conf --installroot="$root" "$@"
}

ask makecache
ask -q updateinfo list --security --available > "$out/security"
for file in /run/lamina/work/cache/*/repodata/*updateinfo*; do
  [ ! -f "$file" ] || : > "$out/advisories"
done

excludes=
: > "$out/newer"
while [ "$1" != -- ]; do
  excludes="$excludes --exclude=$1"
  ask -q repoquery --upgrades --latest-limit=1 --qf '%{name}\t%{evr}\n' "$1" >> "$out/newer"
  shift
done
shift
ask -y $excludes --downloadonly --downloaddir=/run/lamina/packages "$@"

cd /run/lamina/packages
for package in *.rpm; do
  [ -f "$package" ] || continue
  rpmkeys --root "$empty" --define '_pkgverify_level signature' --checksig "/run/lamina/packages/$package" \
    > "$out/checked" || {
    cat "$out/checked" >&2
    exit 1
  }
done
# What takes the place of what is told by rpm alone, on the copy of the database.
if [ -f "$package" ]; then
  rpm --root "$root" --upgrade --oldpackage --justdb --noscripts --notriggers --nodeps --nosignature \
    --ignoresize --replacefiles -- *.rpm
fi
rpm --root "$root" -qa --qf 'P\t%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{ARCH}\n' > "$out/after"
