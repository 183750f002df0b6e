# Something is installed and goes again, by dnf with everything checked.
rpm -q gpg-pubkey >/dev/null || rpm --import /srv/repo/key.asc
dnf -y -q install site-later >/tmp/later.out 2>&1 || cat /tmp/later.out
echo "install: $(rpm -q --qf installed site-later)"
dnf -y -q remove site-later >/tmp/later.out 2>&1 || cat /tmp/later.out
rm -f /tmp/later.out
