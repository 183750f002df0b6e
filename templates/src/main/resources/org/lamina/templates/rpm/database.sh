# Reads or makes a package database with the rpm of this generation, in a build container without
# network. Arguments:
#   read                the database whose files are in /run/lamina/database
#   own                 the one of the generation itself
#   build               one out of the list in /run/lamina/in
# Leaves in /run/lamina/out: headers, or the files of the new database in made; and lacks, what rpm
# says of needs that are not met.
set -eu
export LC_ALL=C
umask 022
out=/run/lamina/out
work=/tmp/database

# rpm writes beside a database even when it only reads it, so it gets a copy in memory.
mkdir $work
case $1 in
  read) cp /run/lamina/database/* $work/ ;;
  own)
    for directory in /usr/lib/sysimage/rpm /var/lib/rpm; do
      if [ -f $directory/rpmdb.sqlite ] || [ -f $directory/Packages.db ] || [ -f $directory/Packages ]; then
        find $directory -maxdepth 1 -type f ! -name '.*' ! -name '__db.*' -exec cp {} $work/ \;
        break
      fi
    done
    ;;
  build)
    rpmdb --dbpath $work --initdb
    rpmdb --dbpath $work --importdb < /run/lamina/in
    ;;
esac

# Of nothing but its dependencies; rpm answers with their number, so its status says nothing.
rpm --dbpath $work -Va --nofiles --noscripts --nodigest --nosignature > $out/lacks 2>&1 || :
if [ "$1" = build ]; then
  mkdir $out/made
  find $work -maxdepth 1 -type f ! -name '.*' ! -name '__db.*' ! -name '*-shm' -exec cp {} $out/made/ \;
  # What stands in the log only would be lost with it.
  for log in $out/made/*-wal; do
    if [ -s "$log" ]; then
      echo "E: rpm left a part of the new database in its log" >&2
      exit 1
    fi
    rm -f "$log"
  done
else
  # rpm answers 0 whatever it could not read, but it says so.
  rpmdb --dbpath $work --exportdb > $out/headers 2> $work.said || :
  if [ -s $work.said ] || ! [ -s $out/headers ]; then
    cat $work.said >&2
    echo "E: the package database cannot be read, or it is empty" >&2
    exit 1
  fi
fi
