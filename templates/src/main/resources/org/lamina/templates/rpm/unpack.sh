# Lays the files of all packages into the new root with the host's rpm, in the order that dependencies
# ask for. No scriptlet and no trigger runs; the database that this makes is of no further use.
set -eu
cd /run/lamina/packages
exec rpm --root /run/lamina/root --define '_dbpath /.lamina-unpacked' --install --verbose --noscripts \
  --notriggers --nosignature --nodeps -- *.rpm
