# Everything that patching may get right or wrong in a container, as lines "KEY: VALUE".
echo "audit: $(dpkg --audit)"
echo "check: $(apt-get -qq check 2>&1)"
echo "verify: $(dpkg -V 2>&1 | sort | tr '\n' '|')"
dpkg-query -W -f 'package ${Package}: ${Version} ${Status}\n'
echo "files of libssl3: $(sed -n 's/^[^ ]*  //p' /var/lib/dpkg/info/libssl3:amd64.md5sums | wc -l)"
echo "openssl: $(openssl version 2>&1 | cut -d' ' -f2)"
cd /usr/lib/case
for f in file whiteout diverted diverted.orig override opaque/a opaque/new opaque/own gone.d/new \
  added removed hard1 hard2 todir todir/a tolink/a suid capable attributed /etc/case/plain.conf \
  /etc/case/edited.conf /etc/case/edited.conf.dpkg-dist /etc/case/deleted.conf /var/lib/case/capable; do
  [ -f "$f" ] && echo "content $f: $(cat $f)"
done
for f in override suid capable /etc/case /var/lib/case/state; do
  echo "mode $f: $(stat -c '%a %U %G' $f)"
done
echo "tolink: $(readlink tolink)"
perl -e 'for (@ARGV) {
  my ($f, $c, $u, $v) = ($_, "security.capability", "user.case", " " x 64);
  my $n = syscall(191, $f, $c, $v, 64);
  print "capability $f: ", $n > 0 ? unpack("H*", substr($v, 0, $n)) : "none", "\n";
  $n = syscall(191, $f, $u, $v, 64);
  print "attribute $f: ", $n > 0 ? substr($v, 0, $n) : "none", "\n";
}' capable attributed /var/lib/case/capable
echo "alternative: $(readlink /etc/alternatives/casecmd)"
echo "alternatives: $(update-alternatives --list casecmd | tr '\n' ' ')"
echo "diversion: $(dpkg-divert --list '*case*' | tr '\n' ' ')"
echo "triggers: $(grep -E ' (case|own)/' /var/lib/dpkg/triggers/File | sort | tr '\n' ' ')"
for u in casenew own theirs; do echo "user $u: $(getent passwd $u | cut -d: -f3,4)"; done
echo "group adm: $(getent group adm | cut -d: -f4)"
echo "own library: $(ldconfig -p | grep -c /usr/local/lib)"
echo "own certificate: $(test -f /usr/local/share/ca-certificates/own.crt &&
  openssl verify -CApath /etc/ssl/certs /usr/local/share/ca-certificates/own.crt 2>&1 | tail -1)"
echo "certificates: $(ls /etc/ssl/certs 2>/dev/null | grep -c '\.pem$')"
echo "dangling certificates: $(find /etc/ssl/certs -xtype l 2>/dev/null | wc -l)"
echo "locales: $(locale -a 2>/dev/null | tr '\n' ' ')"
for l in en_US de_DE; do
  if locale -a 2>/dev/null | grep -q "^$l"; then
    echo "date $l: $(LC_ALL=$l.UTF-8 locale d_fmt | sed 's/%.*/1/')"
  else
    echo "date $l: none"
  fi
done
echo "data: $(cat /srv/data 2>/dev/null)"
echo "game: $(test -x /usr/games/sl && echo there)"
