import type { GuestArch } from './guestArch.ts'

/** What the guest sees as its data disk. NVMe has several queues. */
export const diskKinds = ['virtio', 'nvme'] as const
export type DiskKind = (typeof diskKinds)[number]

export const diskDevices: Record<DiskKind, { device: string; node: string }> = {
  virtio: { device: 'virtio-blk-pci', node: '/dev/vda' },
  nvme: { device: 'nvme,serial=data,max_ioqpairs=8', node: '/dev/nvme0n1' },
}

/** The read-only disk is virtio, behind a data disk of that kind. */
export const vendorDiskNodes: Record<DiskKind, string> = { virtio: '/dev/vdb', nvme: '/dev/vda' }

export type GuestHardware = {
  arch: GuestArch
  kernel: string
  initrd: string
  /** Added to the kernel's command line; empty for none. */
  kernelArguments: string
  consoleLog: string
  dataImage: string
  /** Of a further disk that is read only; null for none. */
  vendorImage: string | null
  memoryMiB: number
  /** Host loopback port that reaches adbd in the guest. */
  devicePort: number
  disk: DiskKind
  /** Read ceiling of the data disk in bytes per second; null leaves it at the host's speed. */
  diskBytesPerSecond: number | null
  /** Where its image is served with a latency of its own; null where QEMU opens it itself. */
  diskSocket: string | null
}

const ADBD_PORT = 5555

const PROCESSORS = ['-accel', 'tcg,thread=multi', '-smp', '2']

// Mitigations cost time that no real phone's kernel spends here, and the tests of its ciphers a fifth of a boot.
const KERNEL_WORDS = 'quiet panic=-1 mitigations=off cryptomgr.notests'

type Machine = { machine: readonly string[]; commandLine: string }

const MACHINES: Record<GuestArch, Machine> = {
  amd64: {
    // Nehalem, because `-cpu max` makes guest copies erratically slow under emulation.
    machine: ['-machine', 'q35', '-cpu', 'Nehalem'],
    // Calibrating the emulated TSC on a busy host can go wrong by any factor (90 was seen), and all times with it;
    // declared unstable, the kernel takes the HPET.
    commandLine: `console=ttyS0 tsc=unstable no_timer_check ${KERNEL_WORDS}`,
  },
  arm64: {
    // Has pages of 16 KiB as well as of 4 KiB, and no pointer authentication to emulate.
    machine: ['-machine', 'virt,gic-version=3', '-cpu', 'cortex-a76'],
    commandLine: `console=ttyAMA0 ${KERNEL_WORDS}`,
  },
}

/** Arguments of qemu-system-x86_64 or qemu-system-aarch64. */
export function qemuArguments(hardware: GuestHardware): string[] {
  const { machine, commandLine } = MACHINES[hardware.arch]
  return [
    ...machine,
    ...PROCESSORS,
    ...['-m', `${hardware.memoryMiB}M`, '-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-kernel', hardware.kernel, '-initrd', hardware.initrd],
    ...['-append', `${commandLine} ${hardware.kernelArguments}`.trim()],
    ...['-serial', `file:${escapeOptionValue(hardware.consoleLog)}`],
    ...['-netdev', `user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:${hardware.devicePort}-:${ADBD_PORT}`],
    ...['-device', 'virtio-net-pci,netdev=n0,romfile='],
    ...['-drive', dataDrive(hardware), '-device', `${diskDevices[hardware.disk].device},drive=d0`],
    ...vendorDisk(hardware),
  ]
}

function vendorDisk({ vendorImage }: GuestHardware): string[] {
  if (vendorImage === null) return []
  const drive = `if=none,id=d1,file=${escapeOptionValue(vendorImage)},format=raw,aio=threads,readonly=on`
  return ['-drive', drive, '-device', 'virtio-blk-pci,drive=d1']
}

function dataDrive({ dataImage, diskBytesPerSecond, diskSocket }: GuestHardware): string {
  const ceiling = diskBytesPerSecond === null ? '' : `,throttling.bps-read=${diskBytesPerSecond}`
  if (diskSocket !== null) {
    const server = `file.driver=nbd,file.server.type=unix,file.server.path=${escapeOptionValue(diskSocket)}`
    return `if=none,id=d0,${server},format=raw,cache=writeback${ceiling}`
  }
  const drive = `if=none,id=d0,file=${escapeOptionValue(dataImage)},format=raw,aio=threads`
  if (diskBytesPerSecond === null) return `${drive},cache=writeback`
  const cache = diskBytesPerSecond > HOST_DISK_BYTES_PER_SECOND ? 'writeback' : 'none'
  return `${drive},cache=${cache}${ceiling}`
}

/** A ceiling above this is served from the host's page cache: bypassing it, the host's own disk might be the ceiling. */
const HOST_DISK_BYTES_PER_SECOND = 1e9

/** QEMU separates options by commas; a comma inside a value is doubled. */
function escapeOptionValue(value: string): string {
  return value.replaceAll(',', ',,')
}
