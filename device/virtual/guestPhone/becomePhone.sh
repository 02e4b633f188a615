#!/bin/busybox sh
# What an ordinary user finds on a phone. Sources are AOSP's: rootdir/ueventd.rc, rootdir/init.rc, init/devices.cpp and
# init/first_stage_init.cpp of system/core, shell_and_utilities/README.md there for the commands.

# Nodes that ueventd.rc does not name are root's alone, /dev/udmabuf and vendors' heaps among them.
for node in /dev/dma_heap/* /dev/udmabuf; do
	[ -e "$node" ] && chmod 0600 "$node"
done
for heap in system system-uncached system-secure; do
	[ -e /dev/dma_heap/$heap ] && chown 1000:1000 /dev/dma_heap/$heap && chmod 0444 /dev/dma_heap/$heap
done

# A user's build mounts no debugfs, has no /tmp to write into, and hides others' processes but from the group readproc.
umount /sys/kernel/debug /tmp /dev/shm
chmod 0755 /tmp
rmdir /dev/shm
mount -o remount,hidepid=2,gid=3009 /proc

hostname localhost
chown 1000:1000 /data
chmod 0771 /data
chmod 0751 /data/local
chown -R 2000:2000 /data/local/tmp

# Shared storage is a folder of /data, seen through FUSE by the group sdcard_rw (1015); below it is media_rw's (1023).
mkdir -p /data/media/0 /storage/emulated/0 /storage/self
chown 1023:1023 /data/media /data/media/0
chmod 0770 /data/media /data/media/0
ln -s /storage/emulated/0 /storage/self/primary
ln -s /storage/self/primary /sdcard
grep -qw fuse /proc/filesystems || modprobe fuse
/system/libexec/bindfs -o allow_other --force-user=1023 --force-group=1015 --perms=ug=rwX:o= --chmod-ignore \
	--create-for-user=1023 --create-for-group=1023 /data/media/0 /storage/emulated/0 || echo "init: no /sdcard"

# Commands are those that Android has. What Debian's toybox was built without comes from busybox.
mkdir -p /system/libexec
mv /bin/busybox /system/libexec/busybox
busybox=/system/libexec/busybox
rm -f /sbin/modprobe
$busybox ln -s $busybox /sbin/modprobe
toybox=" $(/system/bin/toybox | $busybox tr '\n' ' ') "
for command in $($busybox cat /system/etc/commands); do
	case "$toybox" in
	*" $command "*) $busybox ln -s toybox "/system/bin/$command" ;;
	*) $busybox --list | $busybox grep -qxF "$command" && $busybox ln -s $busybox "/system/bin/$command" ;;
	esac
done
$busybox rm -r /bin
$busybox ln -s /system/bin /bin
