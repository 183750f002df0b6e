# Installs for good with the new system's own rpm, which writes the database in the form that it reads
# and runs the scriptlets. Signatures were checked by the host's keys.
set -eu
cd /run/lamina/packages
rpm --install --verbose --nosignature -- *.rpm
. /run/lamina/given/closed.sh
closed
