# Generation 2: all of the distribution's updates, and the next version of the package of cases.
set -e
apt-get -qq update
apt-get -qq -y dist-upgrade
p=/tmp/case
cp -a /srv/debs/case $p
cd $p/usr/lib/case
sed -i 's/ 1$/ 2/' file whiteout diverted override opaque/a opaque/b gone.d/a hard1 suid capable \
  attributed $p/etc/case/*.conf $p/var/lib/case/capable
rm -f hard2 removed todir
ln hard1 hard2
mkdir todir
echo "todir 2" >todir/a
rm -r tolink
ln -s todir tolink
echo "opaque/new 2" >opaque/new
echo "gone.d/new 2" >gone.d/new
echo "added 2" >added
cp $p/usr/bin/casecmd1 $p/usr/bin/casecmd2
chmod 4755 suid
chmod 711 $p/etc/case
chmod 750 $p/var/lib/case/state
sed -i 's/^Version: 1/Version: 2/' $p/DEBIAN/control
sed -i 's/(0, 1)/(0, 1, 2)/' $p/DEBIAN/postinst
echo 'system("useradd --system --no-create-home casenew") unless getpwnam("casenew");' >>$p/DEBIAN/postinst
echo 'interest-noawait /usr/lib/case/trigger.d' >$p/DEBIAN/triggers
cat >$p/DEBIAN/preinst <<'END'
#!/bin/sh
# dpkg itself never replaces a directory by a link.
if [ "$1" = upgrade ] && [ ! -L /usr/lib/case/tolink ]; then rm -r /usr/lib/case/tolink; fi
END
chmod 755 $p/DEBIAN/preinst
cd /
dpkg-deb --root-owner-group -b $p /tmp/case_2.deb >/dev/null
dpkg --force-confold -i /tmp/case_2.deb >/dev/null
chmod 711 /etc/case
chmod 750 /var/lib/case/state
rm -rf $p /tmp/case_2.deb
# Locales with another way to write a date.
l=/tmp/locales
dpkg-deb -R /srv/locales/locales_*.deb $l
sed -i 's/^d_fmt .*/d_fmt "2"/' $l/usr/share/i18n/locales/en_US $l/usr/share/i18n/locales/de_DE
sed -i 's/^Version: .*/Version: 99/' $l/DEBIAN/control
(cd $l && find usr -type f -print0 | xargs -0 md5sum >DEBIAN/md5sums)
dpkg-deb --root-owner-group -Znone -b $l /tmp/locales.deb >/dev/null
dpkg --force-confold -i /tmp/locales.deb >/dev/null
rm -rf $l /tmp/locales.deb
