import { expect, test } from 'vitest'
import { qemuArguments } from './qemuCommand.ts'

const hardware = {
  arch: 'amd64' as const,
  kernel: '/k/vmlinuz',
  initrd: '/k/initrd',
  kernelArguments: '',
  consoleLog: '/i/console.log',
  dataImage: '/i/data.img',
  memoryMiB: 1024,
  devicePort: 5637,
  diskBytesPerSecond: null,
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
