import { describe, expect, test } from 'vitest'
import type { Environment, MeasuredFile } from '../../contract/target.ts'
import { exampleCapabilities } from '../../db/fixtures/exampleRun.ts'
import { machineRows } from './environmentRows.ts'
import { markText, neverDirectText, pathCause } from './pathCause.ts'

const { environment } = exampleCapabilities()

type Told = { fileSystem: string; states?: MeasuredFile['states']; mountOptions?: string }

function place({ fileSystem, states = [], mountOptions = 'rw' }: Told): Environment {
  const file = {
    ...{ path: '/data/model', bytes: 2 ** 20, allocatedBytes: 2 ** 20, holeBytes: 0, unwrittenBytes: 0 },
    ...{ extents: 1, entropyMillibits: 7990, repeatedPercent: 0, states },
  }
  return { ...environment, fileSystem, mountOptions, file }
}

const buffered = (told: Told) => pathCause('fell back to buffered', place(told))

describe('a direct load that did not happen', () => {
  test.each<[Told, string]>([
    [{ fileSystem: 'f2fs', states: ['compressed', 'compressible'] }, 'f2fs reads compressed files'],
    [{ fileSystem: 'f2fs', states: ['verity'] }, 'f2fs reads files with fs-verity'],
    [{ fileSystem: 'f2fs', states: ['inline'] }, 'f2fs reads data that lie in the inode'],
    [{ fileSystem: 'f2fs', states: ['encrypted'] }, 'f2fs reads encrypted files directly only with inline'],
    [{ fileSystem: 'f2fs', mountOptions: 'rw,checkpoint=disable:0' }, 'f2fs reads every file'],
    [{ fileSystem: 'ext4', states: ['verity'] }, 'ext4 reads files with fs-verity'],
    [{ fileSystem: 'ext4', states: ['journalled'] }, 'ext4 reads files whose data it journals'],
    [{ fileSystem: 'ext4', mountOptions: 'rw,data=journal' }, 'ext4 reads files whose data it journals'],
    [{ fileSystem: 'btrfs', states: ['compressed'] }, 'btrfs reads compressed extents'],
    [{ fileSystem: 'erofs', states: ['compressed'] }, 'erofs opens no compressed file'],
    [{ fileSystem: 'erofs', states: ['inline', 'immutable'] }, 'erofs reads data that lie beside the inode'],
  ])('on %o has its cause', (told, start) => {
    expect(buffered(told)).toMatch(new RegExp(`^${start}`))
  })

  test.each<[Told]>([
    [{ fileSystem: 'f2fs' }],
    [
      {
        fileSystem: 'f2fs',
        states: ['sparse', 'fragmented', 'immutable'],
        mountOptions: 'rw,nocheckpoint=disabled',
      },
    ],
    [{ fileSystem: 'ext4', states: ['compressed'] }],
    [{ fileSystem: 'ext4', mountOptions: 'rw,data=journaled' }],
    [{ fileSystem: 'xfs', states: ['inline', 'compressed'] }],
    [{ fileSystem: 'notf2fs', states: ['compressed'] }],
  ])('on %o has no cause that the kernel’s sources name', told => {
    expect(buffered(told)).toBeNull()
  })

  test('is not explained where the target was not probed, or another mark is asked for', () => {
    expect(pathCause('fell back to buffered', null)).toBeNull()
    expect(markText('warm', place({ fileSystem: 'f2fs', states: ['compressed'] }))).toBe('warm')
  })
})

test('what cannot be proved on FUSE and in memory is said', () => {
  expect(markText('path not proved', place({ fileSystem: 'fuse.bindfs' }))).toMatch(
    /^path not proved: FUSE has its daemon read, whose own reads may fill the page cache below, /,
  )
  expect(markText('path not proved', place({ fileSystem: 'fuse' }))).toMatch(/: FUSE has/)
  expect(pathCause('fell back to buffered', place({ fileSystem: 'fuse' }))).toBeNull()
  expect(markText('path not proved', place({ fileSystem: 'tmpfs' }))).toMatch(
    /tmpfs has its files in the page cache/,
  )
  expect(markText('path not proved', place({ fileSystem: 'ext4' }))).toBe('path not proved')
})

test('an alignment of 0 is told as none, with its cause; one that is not told is no such thing', () => {
  const compressed = place({ fileSystem: 'f2fs', states: ['compressed'] })
  const row = (told: Environment) => Object.fromEntries(machineRows(told))['O_DIRECT alignment']
  const none = { directMemoryAlignBytes: 0, directOffsetAlignBytes: 0 }
  expect(row({ ...compressed, ...none })).toBe('none: f2fs reads compressed files through the page cache')
  expect(row({ ...place({ fileSystem: 'xfs' }), ...none })).toMatch(
    /^none: the kernel reads this file through/,
  )
  expect(neverDirectText({ ...compressed, directMemoryAlignBytes: null })).toBeNull()
  const erofs = place({ fileSystem: 'erofs', states: ['compressed'] })
  expect(row({ ...erofs, directMemoryAlignBytes: null })).toBe(
    'none: erofs opens no compressed file with O_DIRECT',
  )
  expect(neverDirectText(place({ fileSystem: 'erofs' }))).toBeNull()
  // Of a file whose end alone lies beside the inode, the rest is read directly.
  const inline = place({ fileSystem: 'erofs', states: ['inline'] })
  expect(neverDirectText({ ...inline, directMemoryAlignBytes: null })).toBeNull()
  const reads = {
    directMemoryAlignBytes: 512,
    directOffsetAlignBytes: 16384,
    directReadOffsetAlignBytes: 512,
  }
  expect(row({ ...compressed, ...reads })).toBe('memory 512 B, offset 16 KiB, of reads 512 B')
})
