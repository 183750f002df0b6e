# Runs the operator's script, which may use the generation's own package manager.
set -eu
. /run/lamina/given/check.sh
if /run/lamina/given/script; then
  check
else
  status=$?
  echo "E: the script ended with status $status" >&2
  exit "$status"
fi
