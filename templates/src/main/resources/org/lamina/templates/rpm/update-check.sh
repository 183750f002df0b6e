# Read by the steps that change packages: an update counts only if all needs are met afterwards, and
# the package database is one file that nobody has open.
. /run/lamina/given/closed.sh
check() {
  rpm -Va --nofiles --nodigest --nosignature > /run/lamina/lacks 2>&1 || :
  if [ -s /run/lamina/lacks ]; then
    sed 's/^/E: the package database is not whole: /' /run/lamina/lacks >&2
    exit 1
  fi
  closed
}
