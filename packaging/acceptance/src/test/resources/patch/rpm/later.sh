# Something is installed and goes again: by dnf with everything checked where there are own packages,
# and by rpm alone elsewhere, because a dnf takes a second to start.
if rpm -q site-own >/dev/null; then
  dnf -y -q install site-later >/tmp/later.out 2>&1 || cat /tmp/later.out
  echo "install: $(rpm -q --qf installed site-later)"
  dnf -y -q remove site-later >/tmp/later.out 2>&1 || cat /tmp/later.out
  rm -f /tmp/later.out
else
  rpm -i --nosignature /srv/repo/own/site-later-*.rpm
  echo "install: $(rpm -q --qf installed site-later)"
  rpm -e site-later
fi
