# Fetches packages with the host's dnf and checks every signature twice: dnf does, and rpm does again
# with nothing but the keys given. Nothing is installed and nothing of a package is run.
# Arguments: packages to install, with all they need.
set -eu
root=/run/lamina/work/empty
mkdir -p "$root" /run/lamina/work/none
for key in /run/lamina/given/keys/*; do
  rpmkeys --root "$root" --import "$key"
done
dnf -y --config=/run/lamina/given/dnf.conf --installroot="$root" --downloadonly \
  --downloaddir=/run/lamina/packages install -- "$@"
cd /run/lamina/packages
for package in *.rpm; do
  rpmkeys --root "$root" --define '_pkgverify_level signature' --checksig "/run/lamina/packages/$package"
done > /run/lamina/work/checked || {
  grep -v ': digests signatures OK$' /run/lamina/work/checked >&2
  exit 1
}
