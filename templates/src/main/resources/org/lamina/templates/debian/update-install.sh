# Changes the packages with what has been fetched. Arguments are those of apt-get.
set -eu
. /run/lamina/given/prepare.sh
apt-get --no-download "$@"
check
