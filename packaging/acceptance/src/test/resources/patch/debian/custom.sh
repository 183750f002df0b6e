# What an administrator does to a system in a year.
set -e
echo "edited here" >/etc/case/edited.conf
rm /etc/case/deleted.conf
rm /usr/lib/case/whiteout
rm -r /usr/lib/case/gone.d
rm -r /usr/lib/case/opaque
mkdir /usr/lib/case/opaque
echo "own" >/usr/lib/case/opaque/own
update-alternatives --quiet --set casecmd /usr/bin/casecmd0
dpkg-divert --quiet --local --rename --divert /usr/lib/case/diverted.orig --add /usr/lib/case/diverted
echo "own diverted" >/usr/lib/case/diverted
useradd --uid 2345 --no-create-home own
groupadd --gid 2346 owners
gpasswd -a own adm >/dev/null
dpkg-statoverride --quiet --update --add own owners 2751 /usr/lib/case/override
# Equal copies, as any program makes that opens a file for writing and does not write.
touch /usr/lib/case/file /usr/lib/case/capable /usr/lib/case/attributed /usr/lib/case/suid
touch /var/lib/case/capable /usr/lib/case/hard1
mkdir -p /tmp/o/DEBIAN /tmp/o/usr/lib/own /etc/ld.so.conf.d
cat >/tmp/o/DEBIAN/control <<'END'
Package: own
Version: 7
Architecture: all
Depends: case
Maintainer: Nobody <nobody@localhost>
Description: a package of the container's own
END
echo 'interest-noawait /usr/lib/own' >/tmp/o/DEBIAN/triggers
echo mine >/tmp/o/usr/lib/own/file
dpkg-deb --root-owner-group -b /tmp/o /tmp/o.deb >/dev/null
dpkg -i /tmp/o.deb >/dev/null
rm -rf /tmp/o /tmp/o.deb
# A library and a certificate of its own, so that caches differ from the template's.
mkdir -p /usr/local/lib /usr/local/share/ca-certificates
cp -L /usr/lib/x86_64-linux-gnu/libz.so.1 /usr/local/lib/libown.so.1
ldconfig
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=own -keyout /dev/null \
  -out /usr/local/share/ca-certificates/own.crt 2>/dev/null
update-ca-certificates >/dev/null 2>&1
echo data >/srv/data
