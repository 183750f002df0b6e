# Generation 1: packages whose every file means a case, and archives for containers to install from.
set -e
apt-get -qq update
mkdir -p /srv/debs
cd /srv/debs
apt-get -qq download libssl3 >/dev/null
apt-get -qq -y --download-only -o Dir::Cache::archives=/srv/debs --no-install-recommends \
  install nginx-light sl >/dev/null
apt-get -qq download locales libc-l10n >/dev/null
rm -rf /srv/debs/partial /srv/debs/lock
# A language in the template, so that there is an archive that a container may add to.
echo 'en_US.UTF-8 UTF-8' >/etc/locale.gen
dpkg -i locales_*.deb libc-l10n_*.deb >/dev/null
mkdir /srv/locales
mv locales_*.deb libc-l10n_*.deb /srv/locales
cd /

p=/tmp/case
mkdir -p $p/DEBIAN $p/etc/case $p/usr/lib/case/todir $p/usr/lib/case/opaque $p/usr/lib/case/gone.d \
  $p/usr/lib/case/tolink $p/usr/bin $p/var/lib/case/state
for n in plain edited deleted; do echo "$n 1" >$p/etc/case/$n.conf; done
printf '/etc/case/%s.conf\n' plain edited deleted >$p/DEBIAN/conffiles
for n in file whiteout diverted override opaque/a opaque/b gone.d/a removed tolink/a linktodir \
  hard1 suid capable attributed; do
  echo "$n 1" >$p/usr/lib/case/$n
done
rmdir $p/usr/lib/case/todir
echo "todir 1" >$p/usr/lib/case/todir
ln $p/usr/lib/case/hard1 $p/usr/lib/case/hard2
chmod 4755 $p/usr/lib/case/suid
echo "capable 1" >$p/var/lib/case/capable
echo '#!/bin/sh' >$p/usr/bin/casecmd1
cp $p/usr/bin/casecmd1 $p/usr/bin/casecmd0
chmod 755 $p/usr/bin/casecmd?
cat >$p/DEBIAN/control <<'END'
Package: case
Version: 1
Architecture: all
Maintainer: Nobody <nobody@localhost>
Description: a file for every case
END
cat >$p/DEBIAN/postinst <<'END'
#!/usr/bin/perl
# 188 is setxattr(2); the value is cap_net_raw, permitted and effective.
my $raw = pack("L5", 0x02000001, 0x2000, 0, 0, 0);
for ("/usr/lib/case/capable", "/var/lib/case/capable") {
  my ($path, $name) = ($_, "security.capability");
  syscall(188, $path, $name, $raw, 20, 0) == 0 or die "$path: $!";
}
my ($path, $name, $value) = ("/usr/lib/case/attributed", "user.case", "here");
syscall(188, $path, $name, $value, 4, 0) == 0 or die "$path: $!";
for my $n (0, 1) {
  system("update-alternatives --quiet --install /usr/bin/casecmd casecmd /usr/bin/casecmd$n 1$n");
}
END
chmod 755 $p/DEBIAN/postinst
dpkg-deb --root-owner-group -b $p /srv/debs/case_1.deb >/dev/null
dpkg -i /srv/debs/case_1.deb >/dev/null
cp -a $p /srv/debs/case
rm -rf $p
