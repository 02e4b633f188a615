import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MiB } from '../../contract/size.ts'
import { type BootOptions, checkOptions, kernelArgumentsOf } from './bootOptions.ts'

const guestInit = readFileSync(new URL('guestInit.sh', import.meta.url), 'utf8')

const everything: BootOptions = {
  user: 'shell',
  memoryGroupBytes: 256 * MiB,
  deniedPaths: ['/dev/udmabuf', '/sys/module/udmabuf/parameters'],
  disk: 'nvme',
  diskLatencyMs: 2,
  dataFileSystem: 'f2fs',
  dataMountOptions: 'inlinecrypt',
  vendorFolder: '/tmp/vendor',
  kernelArguments: 'slab_debug=FZPU',
}

describe('what makes a device', () => {
  it('admits all of it together', () => {
    expect(() => checkOptions(everything)).not.toThrow()
    expect(() => checkOptions({})).not.toThrow()
  })

  it.each<BootOptions>([
    { memoryGroupBytes: 32 * MiB - 1 },
    { diskLatencyMs: 1001 },
    { dataBytes: 64 * MiB - 1 },
    { dataMountOptions: 'a b' },
    { deniedPaths: ['/dev/udmabuf'] },
    { flavour: 'oldest', user: 'shell' },
    { user: 'root', deniedPaths: ['/dev/udmabuf'] },
    ...['/data/x', '/dev', '/dev/', 'udmabuf', '/dev/../data', '/dev/a b', '/dev/./x', '/proc/self'].map(
      (path): BootOptions => ({ user: 'shell', deniedPaths: [path] }),
    ),
  ])('refuses %j', options => {
    expect(() => checkOptions(options)).toThrow(expect.objectContaining({ kind: 'bad-input' }))
  })
})

describe('the kernel’s command line', () => {
  it('hands the guest what its init reads, and what was added comes last', () => {
    const words = kernelArgumentsOf(everything).split(' ')
    expect(words).toEqual([
      'data_disk=/dev/nvme0n1',
      'data_file_system=f2fs',
      'data_mount_options=inlinecrypt',
      'vendor_disk=/dev/vda',
      'adb_user=shell',
      'adb_memory_bytes=268435456',
      'adb_denied=/dev/udmabuf,/sys/module/udmabuf/parameters',
      'slab_debug=FZPU',
    ])
    for (const word of words.slice(0, -1))
      expect(guestInit).toMatch(new RegExp(`[$]\\{?${word.split('=')[0]}\\b`))
  })

  it('says nothing of what was not asked for', () => {
    expect(kernelArgumentsOf({})).toBe('data_disk=/dev/vda')
  })
})
