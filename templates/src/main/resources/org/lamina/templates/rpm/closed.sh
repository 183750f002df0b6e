# Read by the steps that change packages: nothing of the package database may stay in SQLite's log, and
# nobody has it open any more, so neither the log nor the shared memory beside it is of use.
closed() {
  for log in /var/lib/rpm/*-wal /usr/lib/sysimage/rpm/*-wal; do
    if [ -s "$log" ]; then
      rpmdb --rebuilddb
      break
    fi
  done
  for log in /var/lib/rpm/*-wal /usr/lib/sysimage/rpm/*-wal; do
    if [ -s "$log" ]; then
      echo "E: rpm left a part of its database in $log" >&2
      exit 1
    fi
    rm -f "$log" "${log%-wal}-shm"
  done
}
