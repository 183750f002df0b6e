# Read by the steps that change packages: an update counts only if all needs are met afterwards, and
# the package database is one file that nobody has open.
check() {
  rpm -Va --nofiles --nodigest --nosignature > /run/lamina/lacks 2>&1 || :
  if [ -s /run/lamina/lacks ]; then
    sed 's/^/E: the package database is not whole: /' /run/lamina/lacks >&2
    exit 1
  fi
  for log in /var/lib/rpm/*-wal /usr/lib/sysimage/rpm/*-wal; do
    if [ -s "$log" ]; then
      echo "E: rpm left a part of its database in $log" >&2
      exit 1
    fi
    rm -f "$log" "${log%-wal}-shm"
  done
}
