# Something is installed and goes again.
mkdir -p /tmp/l/DEBIAN /tmp/l/usr/share/later
cat >/tmp/l/DEBIAN/control <<'END'
Package: later
Version: 1
Architecture: all
Depends: libc6, libssl3 | perl-base
Maintainer: Nobody <nobody@localhost>
Description: installed afterwards
END
echo later >/tmp/l/usr/share/later/file
dpkg-deb --root-owner-group -b /tmp/l /tmp/later.deb >/dev/null
apt-get -qq -y install /tmp/later.deb >/tmp/later.out 2>&1 || cat /tmp/later.out
echo "install: $(dpkg-query -W -f '${db:Status-Status}' later)"
dpkg --purge later >/dev/null 2>&1
rm -rf /tmp/l /tmp/later.deb /tmp/later.out
