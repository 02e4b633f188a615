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
: "${data_file_system:=ext4}" "${data_disk:=/dev/vda}" "${adb_user:=root}"
case $data_disk in *nvme*) modprobe nvme ;; esac
# NVMe is found in the background; a second is plenty but for an emulated processor.
for _ in $(seq 600); do
	[ -b "$data_disk" ] && break
	usleep 100000
done
grep -qw "$data_file_system" /proc/filesystems || modprobe "$data_file_system"
mount -t "$data_file_system" -o "noatime${data_mount_options:+,$data_mount_options}" "$data_disk" /data || { echo "init: cannot mount the data disk"; poweroff -f; }
mkdir -p /data/local/tmp
chmod 0771 /data/local/tmp
if [ -n "$vendor_disk" ]; then
	grep -qw erofs /proc/filesystems || modprobe erofs
	mkdir -p /vendor
	mount -t erofs -o ro "$vendor_disk" /vendor || { echo "init: cannot mount the vendor disk"; poweroff -f; }
fi

# Out of sight for others than root, as a phone's /dev/memcg (libprocessgroup/profiles/cgroups.json).
if [ -n "$adb_memory_bytes" ]; then
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	mkdir /sys/fs/cgroup/adb
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	echo "$adb_memory_bytes" >/sys/fs/cgroup/adb/memory.max
	chmod 0700 /sys/fs/cgroup
fi

if [ "$adb_user" = shell ]; then
	/become-phone
	export PATH=/system/bin
fi

# adbd answers without authentication. It is reachable only through QEMU's forward on the host's loopback.
serve_adb() {
	[ -z "$adb_memory_bytes" ] || echo 0 >/sys/fs/cgroup/adb/cgroup.procs
	set -- /usr/sbin/adbd
	[ "$adb_user" = root ] || set -- env -i ADBD_PORT=5555 "PATH=$PATH" /system/libexec/busybox su "$adb_user" -c "exec $1"
	[ -z "$adb_denied" ] || set -- /sbin/deny "$adb_denied" "$@"
	exec "$@"
}

export ADBD_PORT=5555
cd /data/local/tmp
while true; do
	(serve_adb)
	sleep 1
done
