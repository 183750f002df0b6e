# Run by the builder with the new root as $1, after all packages are installed.
set -eu
root=$1

# The host keys of a container must be its own, so the template has none: they are made before sshd
# starts for the first time. No RSA key: it takes longer than the rest of the boot, and clients of
# the last ten years know the other two kinds.
cat > "$root/etc/init.d/lamina-host-keys" <<'SCRIPT'
#!/bin/sh
### BEGIN INIT INFO
# Provides:          lamina-host-keys
# Required-Start:    $remote_fs
# Required-Stop:
# X-Start-Before:    ssh
# Default-Start:     2 3 4 5
# Default-Stop:
# Short-Description: Make the SSH host keys of this container
### END INIT INFO
case "$1" in
  start|restart|force-reload)
    for kind in ed25519 ecdsa; do
      key=/etc/ssh/ssh_host_${kind}_key
      [ -e "$key" ] || ssh-keygen -q -t "$kind" -N '' -f "$key" </dev/null
    done
    ;;
  stop|status) ;;
  *) echo "Usage: $0 start" >&2; exit 2 ;;
esac
SCRIPT
chmod 0755 "$root/etc/init.d/lamina-host-keys"
chroot "$root" update-rc.d lamina-host-keys defaults

# Disks, clocks, the kernel's log and its file systems belong to the host, so the scripts that care
# for them would only fail. Switching them off would break the order that insserv computes from
# their headers; they are diverted, and what stands in for each has the same header.
stand_in() {
  script=/etc/init.d/$1
  [ -e "$root$script" ] || return 0
  mkdir -p "$root/etc/init.d.host"
  chroot "$root" dpkg-divert --quiet --local --rename --divert "/etc/init.d.host/$1" --add "$script"
  {
    echo '#!/bin/sh'
    sed -n '/^### BEGIN INIT INFO/,/^### END INIT INFO/p' "$root/etc/init.d.host/$1"
    echo "# Stands in for /etc/init.d.host/$1, which needs a machine of its own."
    printf '%s\n' "$2"
  } > "$root$script"
  chmod 0755 "$root$script"
}
for name in mountdevsubfs.sh checkroot.sh checkfs.sh mount-configfs hwclock.sh brightness urandom \
  bootlogs umountnfs.sh umountfs umountroot; do
  stand_in "$name" 'exit 0'
done
# The marker tells the cleaning scripts that /run is new and not theirs to empty.
stand_in mountkernfs.sh '[ "$1" = start ] || exit 0
: > /run/.tmpfs
[ -d /run/lock ] || mkdir -m 1777 /run/lock
[ -e /run/shm ] || ln -s /dev/shm /run/shm'
stand_in mountall.sh '[ "$1" = start ] && [ -s /etc/fstab ] || exit 0
mount -a -t nonfs,nfs4,smbfs,cifs -O no_netdev'

# The kernel's own settings and log are the host's.
mkdir -p "$root/etc/sysctl.d"
ln -sf /dev/null "$root/etc/sysctl.d/99-protect-links.conf"
if [ -e "$root/etc/rsyslog.conf" ]; then
  sed -i 's/^module(load="imklog").*/#&/' "$root/etc/rsyslog.conf"
fi
[ -e "$root/etc/mtab" ] || [ -L "$root/etc/mtab" ] || ln -s ../proc/self/mounts "$root/etc/mtab"
