# Finds out which newer versions there are of installed packages; nothing is fetched or changed.
# Leaves them in /run/lamina/work/out/offers, as lines of name, version and architecture.
set -eu
root=/run/lamina/work/root
out=/run/lamina/work/out
mkdir -p "$out" /run/lamina/work/none
dnf --config=/run/lamina/given/dnf.conf --installroot="$root" -q repoquery --upgrades \
  --qf '%{name}\t%{evr}\t%{arch}' > "$out/offers"
