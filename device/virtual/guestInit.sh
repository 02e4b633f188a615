#!/bin/busybox sh
# First process of the virtual device: mounts, drivers, network, data disk, adbd.
/bin/busybox --install -s /bin
# The kernel starts it for what it has not loaded.
ln -s /bin/busybox /sbin/modprobe
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
umask 022

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /tmp
mount -t debugfs debugfs /sys/kernel/debug

while read -r module; do
	modprobe $module || echo "init: cannot load $module"
done </lib/modules/boot

ip link set lo up
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up

# The kernel hands on what it does not know of its command line.
: "${data_file_system:=ext4}"
grep -qw "$data_file_system" /proc/filesystems || modprobe "$data_file_system"
mount -t "$data_file_system" -o "noatime${data_mount_options:+,$data_mount_options}" /dev/vda /data || { echo "init: cannot mount the data disk"; poweroff -f; }
mkdir -p /data/local/tmp
chmod 0771 /data/local/tmp

# adbd answers without authentication. It is reachable only through QEMU's forward on the host's loopback.
cd /data/local/tmp
while true; do
	ADBD_PORT=5555 /usr/sbin/adbd
	sleep 1
done
