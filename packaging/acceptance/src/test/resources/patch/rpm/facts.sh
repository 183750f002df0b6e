# Everything that patching may get right or wrong in a container, as lines "KEY: VALUE".
echo "audit: $(rpm -Va --nofiles 2>&1 | tr '\n' '|')"
echo "check: $(dnf -q check 2>&1 | tr '\n' '|')"
echo "verify: $(rpm -Va 2>&1 | sort | tr '\n' '|')"
rpm -qa --qf 'package %{NAME}: %{EVR} installed\n' | grep -v '^package gpg-pubkey'
rpm -q site-own >/dev/null || echo "upgrades: $(dnf -q --repo=release,updates check-upgrade 2>&1 | cut -d' ' -f1 | tr '\n' ' ')"
cd /usr/lib/site-case
for f in file whiteout opaque/a opaque/new opaque/own gone.d/new added removed hard1 hard2 suid capable \
  todir todir/a tofile tofile/a \
  /var/lib/site-case/capable; do
  [ -f "$f" ] && echo "content $f: $(cat $f)"
done
for f in plain edited deleted; do
  for s in '' .rpmnew .rpmsave; do
    [ -f /etc/site-case/$f.conf$s ] && echo "content $f.conf$s: $(cat /etc/site-case/$f.conf$s)"
  done
done
for f in main plain; do
  for s in '' .rpmnew .rpmsave; do
    [ -f /etc/site/$f.conf$s ] && echo "site $f.conf$s: $(tr '\n' ' ' </etc/site/$f.conf$s)"
  done
done
for f in suid capable /etc/site-case /var/lib/site-case/state /var/lib/site/owned; do
  [ -e "$f" ] && echo "mode $f: $(stat -c '%a %U %G' $f)"
done
python3 -c 'import os, sys
for f in sys.argv[1:]:
  try: value = os.getxattr(f, "security.capability").hex()
  except OSError as e: value = e.strerror
  print("capability %s: %s" % (f, value))' capable /var/lib/site-case/capable /usr/bin/ping
echo "hard links: $(stat -c %h hard1)"
echo "library: $(ls /usr/lib/x86_64-linux-gnu/libz.so.1* | wc -l) $(readlink -f /usr/lib/x86_64-linux-gnu/libz.so.1)"
echo "alternative: $(readlink /etc/alternatives/casecmd)"
echo "alternatives: $(update-alternatives --list casecmd | tr '\n' ' ')"
echo "new alternative: $(readlink /etc/alternatives/site)"
echo "scriptlets: $(tr '\n' '|' </var/lib/site/scriptlets.log)"
echo "trigger: $(tr '\n' '|' 2>/dev/null </var/lib/site-hooks/log)"
for u in sitesvc siteusr own theirs; do echo "user $u: $(getent passwd $u | cut -d: -f3,4)"; done
echo "group adm: $(getent group adm | cut -d: -f4)"
echo "own library: $(ldconfig -p | grep -c /usr/local/lib)"
echo "data: $(cat /srv/data 2>/dev/null)"
