export type GuestHardware = {
  kernel: string
  initrd: string
  /** Added to the kernel's command line; empty for none. */
  kernelArguments: string
  consoleLog: string
  dataImage: string
  memoryMiB: number
  /** Host loopback port that reaches adbd in the guest. */
  devicePort: number
  /** Read ceiling of the data disk in bytes per second; null leaves it at the host's speed. */
  diskBytesPerSecond: number | null
}

const ADBD_PORT = 5555

// Calibrating the emulated TSC on a busy host can go wrong by any factor (90 was seen), and all times with it; declared
// unstable, the kernel takes the HPET. Mitigations cost time that no real phone's kernel spends here.
const KERNEL_COMMAND_LINE = 'console=ttyS0 quiet panic=-1 tsc=unstable no_timer_check mitigations=off'

/**
 * Arguments of qemu-system-x86_64.
 * Nehalem, because `-cpu max` makes guest copies erratically slow under emulation.
 */
export function qemuArguments(hardware: GuestHardware): string[] {
  const commandLine = `${KERNEL_COMMAND_LINE} ${hardware.kernelArguments}`.trim()
  return [
    ...['-machine', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'Nehalem', '-smp', '2'],
    ...['-m', `${hardware.memoryMiB}M`, '-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-kernel', hardware.kernel, '-initrd', hardware.initrd, '-append', commandLine],
    ...['-serial', `file:${escapeOptionValue(hardware.consoleLog)}`],
    ...['-netdev', `user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:${hardware.devicePort}-:${ADBD_PORT}`],
    ...['-device', 'virtio-net-pci,netdev=n0,romfile='],
    ...['-drive', dataDrive(hardware), '-device', 'virtio-blk-pci,drive=d0'],
  ]
}

function dataDrive({ dataImage, diskBytesPerSecond }: GuestHardware): string {
  const drive = `if=none,id=d0,file=${escapeOptionValue(dataImage)},format=raw,aio=threads`
  if (diskBytesPerSecond === null) return `${drive},cache=writeback`
  const cache = diskBytesPerSecond > HOST_DISK_BYTES_PER_SECOND ? 'writeback' : 'none'
  return `${drive},cache=${cache},throttling.bps-read=${diskBytesPerSecond}`
}

/** A ceiling above this is served from the host's page cache: bypassing it, the host's own disk might be the ceiling. */
const HOST_DISK_BYTES_PER_SECOND = 1e9

/** QEMU separates options by commas; a comma inside a value is doubled. */
function escapeOptionValue(value: string): string {
  return value.replaceAll(',', ',,')
}
