import { expect, test } from 'vitest'
import { moduleDependencies, moduleName, modulesDep } from './kernelModules.ts'

test('reads the depends entry of .modinfo and no other', () => {
  const modinfo = '\0license=GPL\0softdep=post: a\0depends=net_failover,failover\0name=virtio_net\0'
  expect(moduleDependencies(Buffer.from(modinfo, 'latin1'))).toEqual(['net_failover', 'failover'])
})

test.each(['\0depends=\0name=x\0', 'no such entry'])('a module that needs nothing: %j', text =>
  expect(moduleDependencies(Buffer.from(text, 'latin1'))).toEqual([]),
)

test('file names become module names', () => {
  expect(moduleName('dm-mod.ko.xz')).toBe('dm_mod')
  expect(moduleName('virtio_net.ko')).toBe('virtio_net')
})

test('modules.dep lists every dependency before what needs it, read from the right', () => {
  const text = modulesDep(
    new Map([
      ['ext4', ['jbd2', 'crc16']],
      ['jbd2', ['crc32c']],
      ['crc16', []],
      ['crc32c', []],
    ]),
  )
  const loads = text.split('\n')[0]?.split(': ')[1]?.split(' ').reverse()
  expect(loads).toEqual(['crc32c.ko', 'jbd2.ko', 'crc16.ko'])
  expect(text).toContain('crc16.ko:\n')
})
