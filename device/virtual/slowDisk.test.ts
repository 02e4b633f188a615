import { expect, test } from 'vitest'
import { nbdkitArguments } from './slowDisk.ts'

const place = { socket: '/i/disk.socket', pidFile: '/i/disk.pid' }
const disk = { image: '/i/data.img', latencyMs: 3 }
const nbdkit = { path: 'nbdkit', libraryPath: null, dataFolders: [] }

test('every read is delayed, and it ends with its last client', () => {
  const words = nbdkitArguments(nbdkit, place, disk)
  expect(words.join(' ')).toContain('--filter exitlast --filter delay file file=/i/data.img rdelay=3ms')
})

test('an unpacked one finds its parts by their files', () => {
  const words = nbdkitArguments({ ...nbdkit, dataFolders: ['/c/nbdkit'] }, place, disk)
  expect(words).toContain('/c/nbdkit/filters/nbdkit-delay-filter.so')
  expect(words).toContain('/c/nbdkit/plugins/nbdkit-file-plugin.so')
})
