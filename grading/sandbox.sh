#!/bin/sh
# Run a command without network, among its own processes, in a file tree of only what it is given.
#
# sandbox.sh BASE USER PATH... -- COMMAND...
#
# BASE     a temporary folder that holds two empty ones: BASE/root becomes the command's "/";
#          BASE/work is there under its own name, the only place it shares with the outside
# USER     the number of the user it becomes, if this script is run by root
# PATH...  what it may read besides, each under its own name
#
# Needs Linux namespaces and util-linux: as root, or where ordinary users may make namespaces.
# Everything the command starts ends with it, since it is the first process of its namespace.
set -eu

if [ "$1" != --inside ]; then
    user=$([ "$(id -u)" = 0 ] || echo --user --map-root-user)
    # shellcheck disable=SC2086  # "$user" is two words or none
    exec setpriv --pdeathsig KILL unshare $user --mount --net --pid --ipc --uts \
        --fork --kill-child sh "$0" --inside "$(id -u)" "$@"
fi

caller=$2 base=$3 user=$4
shift 4
root=$base/root
mount -t tmpfs -o size=8m,mode=755,nosuid,nodev sandbox "$root"
mkdir -p "$root/proc" "$root/old" "$root/dev/shm" "$root/tmp" "$root$base/work"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t tmpfs -o size=256m,mode=1777,nosuid,nodev tmp "$root/tmp"
mkdir -p "$root$base/work" # BASE is usually in /tmp, which has just been covered
mount -t tmpfs -o size=256m,mode=1777,nosuid,nodev shm "$root/dev/shm"
mount --bind "$base/work" "$root$base/work"
for device in null zero full random urandom; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"

while [ "$1" != -- ]; do
    if [ -L "$1" ]; then # /bin, which points to usr/bin
        [ -L "$root$1" ] || { mkdir -p "$(dirname "$root$1")" && cp -P "$1" "$root$1"; }
    elif [ -d "$1" ] && [ ! -e "$root$1" ]; then
        mkdir -p "$root$1"
        mount --rbind "$1" "$root$1"
        mount -o remount,bind,ro,nosuid,nodev "$root$1"
    elif [ -f "$1" ] && [ ! -e "$root$1" ]; then
        mkdir -p "$(dirname "$root$1")" && : >"$root$1"
        mount --bind "$1" "$root$1"
        mount -o remount,bind,ro,nosuid,nodev "$root$1"
    fi
    shift
done
shift

ip link set lo up 2>/dev/null || true
mount -o remount,bind,ro,nosuid,nodev "$root"
cd "$root"
pivot_root . old
umount -l /old
cd /tmp
become=$([ "$caller" != 0 ] || echo --reuid "$user" --regid "$user" --clear-groups)
# shellcheck disable=SC2086
exec setpriv $become --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
