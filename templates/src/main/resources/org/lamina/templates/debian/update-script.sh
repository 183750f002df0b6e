# Runs the operator's script, which may use apt-get.
set -eu
. /run/lamina/given/prepare.sh
if /run/lamina/given/script; then
  check
else
  status=$?
  echo "E: the script ended with status $status" >&2
  exit "$status"
fi
