import { expect, test } from 'vitest'
import { qemuArguments } from './qemuCommand.ts'

const hardware = {
  arch: 'amd64' as const,
  kernel: '/k/vmlinuz',
  initrd: '/k/initrd',
  kernelArguments: '',
  consoleLog: '/i/console.log',
  dataImage: '/i/data.img',
  vendorImage: null,
  memoryMiB: 1024,
  devicePort: 5637,
  disk: 'virtio' as const,
  diskBytesPerSecond: null,
  diskSocket: null,
}

const optionOf = (args: string[], option: string) => args[args.indexOf(option) + 1] ?? ''

test('the device is reached through loopback only', () => {
  const network = optionOf(qemuArguments(hardware), '-netdev')
  expect(network).toContain('hostfwd=tcp:127.0.0.1:5637-:5555')
  expect(network).toContain('restrict=on')
})

test('a disk with a ceiling bypasses the page cache of the host', () => {
  expect(optionOf(qemuArguments(hardware), '-drive')).toContain('cache=writeback')
  const drive = optionOf(qemuArguments({ ...hardware, diskBytesPerSecond: 500_000_000 }), '-drive')
  expect(drive).toContain('cache=none,throttling.bps-read=500000000')
})

test('what is added to the command line comes last', () => {
  expect(optionOf(qemuArguments(hardware), '-append')).toMatch(/^console=ttyS0 .*[^ ]$/)
  const line = optionOf(qemuArguments({ ...hardware, kernelArguments: 'slab_debug=FZPU' }), '-append')
  expect(line).toMatch(/ slab_debug=FZPU$/)
})

test('a comma in a path does not start another option', () => {
  const drive = optionOf(qemuArguments({ ...hardware, dataImage: '/a,if=none/data.img' }), '-drive')
  expect(drive).toContain('file=/a,,if=none/data.img,')
})

test('an arm64 device is another machine, with its own console', () => {
  const args = qemuArguments({ ...hardware, arch: 'arm64' })
  expect(optionOf(args, '-machine')).toMatch(/^virt,/)
  expect(optionOf(args, '-append')).toContain('console=ttyAMA0')
})

test('an NVMe disk has several queues, and one that is served elsewhere is reached by its socket', () => {
  const devices = qemuArguments({ ...hardware, disk: 'nvme' }).filter(word => word.endsWith('drive=d0'))
  expect(devices).toEqual([expect.stringMatching(/^nvme,.*max_ioqpairs=8,drive=d0$/)])
  const served = { ...hardware, diskSocket: '/i/disk.socket', diskBytesPerSecond: 2_000_000 }
  const drive = optionOf(qemuArguments(served), '-drive')
  expect(drive).toContain('file.driver=nbd,file.server.type=unix,file.server.path=/i/disk.socket,')
  expect(drive).toContain('throttling.bps-read=2000000')
  expect(drive).not.toContain('/i/data.img')
})

test('a further disk comes behind the data disk, and nobody can write to it', () => {
  const args = qemuArguments({ ...hardware, vendorImage: '/i/a,b.img' })
  expect(args.filter(word => word.startsWith('virtio-blk-pci'))).toEqual([
    'virtio-blk-pci,drive=d0',
    'virtio-blk-pci,drive=d1',
  ])
  expect(args.at(-3)).toMatch(/id=d1,file=\/i\/a,,b\.img,.*readonly=on/)
  expect(qemuArguments(hardware).join(' ')).not.toContain('d1')
})
