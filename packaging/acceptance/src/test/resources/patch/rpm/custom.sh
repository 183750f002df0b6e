# What an administrator does to a system in a year.
echo "edited here" >/etc/site-case/edited.conf
rm /etc/site-case/deleted.conf
echo "mine=1" >>/etc/site/main.conf
echo "mine=1" >>/etc/site/plain.conf
rm /usr/lib/site-case/whiteout
rm -r /usr/lib/site-case/gone.d
rm -r /usr/lib/site-case/opaque
mkdir /usr/lib/site-case/opaque
echo "own" >/usr/lib/site-case/opaque/own
update-alternatives --quiet --set casecmd /usr/bin/casecmd0
useradd --uid 2345 --no-create-home own
groupadd --gid 2346 owners
gpasswd -a own adm >/dev/null
# Equal copies, as any program makes that opens a file for writing and does not write.
cd /usr/lib/site-case
touch file capable suid hard1 todir tofile/a /var/lib/site-case/capable
rpm --import /srv/repo/key.asc
dnf -y -q install site-own >/tmp/dnf.out 2>&1 || { cat /tmp/dnf.out; exit 1; }
# A library of its own, so that the cache differs from the template's.
mkdir -p /usr/local/lib
cp -L /usr/lib/x86_64-linux-gnu/libz.so.1 /usr/local/lib/libown.so.1
echo /usr/local/lib >/etc/ld.so.conf.d/own.conf
ldconfig
echo data >/srv/data
