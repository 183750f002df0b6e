# A C library in a new file, with a version and checksums that say so.
set -e
f=/usr/lib/x86_64-linux-gnu/libc.so.6
cp -a $f $f.new
echo >>$f.new
mv $f.new $f
sum=$(md5sum <$f | cut -c1-32)
sed -i "s|^[0-9a-f]*\(  .*/libc\.so\.6\)$|$sum\1|" /var/lib/dpkg/info/libc6:amd64.md5sums
sed -i '/^Package: libc6$/,/^$/s/^Version: .*/&+case3/' /var/lib/dpkg/status
dpkg -V libc6
