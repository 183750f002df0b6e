# Read by the steps of an update inside the build container: points apt at what the host gave it,
# so that neither lists, archives, logs, sources nor settings of the update end up in the layer.
cd /run/lamina
mkdir apt.conf.d preferences.d sources.list.d log

copy() {
  [ -f "$1" ] && cp -L "$1" "$2" || :
}
for file in /etc/apt/apt.conf.d/*; do
  copy "$file" apt.conf.d/
done
copy /etc/apt/apt.conf apt.conf.d/zzy-main
cp given/apt.conf apt.conf.d/zzz-lamina
copy secret/apt.conf apt.conf.d/zzz-lamina-secret

for file in /etc/apt/preferences.d/*; do
  copy "$file" preferences.d/
done
copy /etc/apt/preferences preferences.d/zzy-main
cp given/preferences preferences.d/000-lamina

# debian.sources is what Lamina wrote when it built the template; the host knows it better by now.
for file in /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  [ "${file##*/}" = debian.sources ] || copy "$file" sources.list.d/
done
copy /etc/apt/sources.list sources.list.d/zzy-main.list
cp given/debian.sources sources.list.d/debian.sources
copy secret/debian.sources sources.list.d/debian.sources

# apt reads this file first; everything else comes from the directories above.
cat > apt-first.conf <<'CONF'
Dir::Etc::parts "/run/lamina/apt.conf.d";
Dir::Etc::main "/dev/null";
CONF
export APT_CONFIG=/run/lamina/apt-first.conf
cd /

# An update counts only if the package database is whole afterwards.
check() {
  apt-get -qq check
  dpkg --audit > /run/lamina/audit || :
  if [ -s /run/lamina/audit ]; then
    sed 's/^/E: the package database is not whole: /' /run/lamina/audit >&2
    exit 1
  fi
}
