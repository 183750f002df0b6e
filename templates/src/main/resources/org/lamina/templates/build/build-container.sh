# Enters a build container. Runs as the first process of mount, PID, IPC and UTS namespaces of its
# own, with the host's programs, all of whose mounts end with it. Arguments:
#   LOWER UPPER WORK   layers, upper and work directory of the overlay, relative to where it starts;
#                      without layers the upper directory is itself what programs see and change
#   ROOT               an empty directory to mount it on
#   CAPS               capabilities that programs inside may have, as setpriv takes them
#   (ro|rw PATH NAME)* files and directories of the host that appear as /run/lamina/NAME
#   -- PROGRAM [ARGUMENT...]
# Programs of the template run only after the last exec, with CAPS and no file system of the host.
set -eu
lower=$1 upper=$2 work=$3 root=$4 caps=$5
shift 5

# Scripts must not bake the host's name into what they write.
echo localhost > /proc/sys/kernel/hostname

# Like a container's own mounts the layer must not be bound to this stack. Nothing is lost by
# "volatile": an update that did not end is thrown away, one that did is flushed as a whole.
if [ -n "$lower" ]; then
  mount -i -t overlay -o "nodev,lowerdir=$lower,upperdir=$upper,workdir=$work" \
    -o index=off,metacopy=off,redirect_dir=off,nfs_export=off,volatile lamina "$root"
else
  mount -i --bind "$upper" "$root"
  mount -i -o remount,bind,nodev "$root"
fi

# A link in the template would lead these mounts onto the host's directories.
for name in dev proc run tmp; do
  if [ -L "$root/$name" ] || ! [ -d "$root/$name" ]; then
    echo "E: /$name of the template is not a directory" >&2
    exit 1
  fi
done

# Read-only, because root may write the settings of the kernel without any capability.
mount -i -t proc -o ro,nosuid,nodev,noexec proc "$root/proc"

mount -i -t tmpfs -o nosuid,noexec,mode=0755,size=1m tmpfs "$root/dev"
umask 0
mknod -m 0666 "$root/dev/null" c 1 3
mknod -m 0666 "$root/dev/zero" c 1 5
mknod -m 0666 "$root/dev/full" c 1 7
mknod -m 0666 "$root/dev/random" c 1 8
mknod -m 0666 "$root/dev/urandom" c 1 9
mknod -m 0666 "$root/dev/tty" c 5 0
umask 022
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
ln -s pts/ptmx "$root/dev/ptmx"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -i -t devpts -o nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
mount -i -t tmpfs -o nosuid,nodev,noexec,mode=1777 tmpfs "$root/dev/shm"
# No further device can be made, and everywhere else devices do not open.
mount -i -o remount,ro,nosuid,noexec "$root/dev"

mount -i -t tmpfs -o nosuid,nodev,mode=0755 tmpfs "$root/run"
mount -i -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$root/tmp"
mkdir "$root/run/lamina"
mkdir -m 1777 "$root/run/lock"
while [ "$1" != -- ]; do
  at=$root/run/lamina/$3
  if [ -d "$2" ]; then
    mkdir "$at"
  else
    : > "$at"
  fi
  mount -i --bind "$2" "$at"
  mount -i -o "remount,bind,$1,nosuid,nodev" "$at"
  shift 3
done
shift

# The overlay becomes the root of this namespace; what was there stays covered for ever, because
# uncovering takes CAP_SYS_ADMIN. (pivot_root would leave the detaching to a program of the template.)
cd "$root"
mount -i --move "$root" /
exec setpriv --bounding-set="$caps" --inh-caps=-all --ambient-caps=-all chroot . "$@"
