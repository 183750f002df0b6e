# Finds out what an update would do and fetches it. Runs with the network, without any maintainer
# script, on a layer that is thrown away. Arguments:
#   yes|no             whether to download the packages
#   APT-GET ARGUMENT...
# Leaves in /run/lamina/out: plan (of apt-get --simulate) and versions (of apt-cache madison).
set -eu
. /run/lamina/given/prepare.sh
download=$1
shift

apt-get update
apt-get --simulate "$@" > /run/lamina/out/plan
names=$(
  {
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p'
    sed -n 's/^Inst \([^ :]*\).*/\1/p' /run/lamina/out/plan
  } | sort -u
)
apt-cache madison $names > /run/lamina/out/versions
if [ "$download" = yes ]; then
  apt-get --download-only "$@"
fi
