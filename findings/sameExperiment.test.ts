import { describe, expect, test } from 'vitest'
import { GiB, MiB } from '../contract/size.ts'
import {
  exampleAndroid,
  exampleCapabilities,
  exampleCeiling,
  exampleIdentity,
  examplePlan,
} from '../db/fixtures/exampleRun.ts'
import { experimentDifferences, experimentDifferencesText, type Setting } from './sameExperiment.ts'

const plan = examplePlan()
const before: Setting = {
  capabilities: exampleCapabilities(),
  ceiling: exampleCeiling,
  identity: exampleIdentity,
}

function now(changes: Partial<Setting['capabilities']['environment']>): Setting {
  const { environment } = before.capabilities
  return { ...before, capabilities: { ...before.capabilities, environment: { ...environment, ...changes } } }
}

const differing = (other: Setting) => experimentDifferences(plan, before, other).map(({ what }) => what)

describe('two parts of a run', () => {
  test('are one experiment where only the state of the machine moved', () => {
    const moved = { thermalZones: [], frequenciesKhz: [1], memoryAvailableBytes: 1, freeBytes: 1 }
    expect(differing(now(moved))).toEqual([])
    const ceiling = { ...exampleCeiling, bytesPerSecond: exampleCeiling.bytesPerSecond * 1.4 }
    expect(differing({ ...before, ceiling })).toEqual([])
    expect(differing({ ...before, ceiling: null, identity: null })).toEqual([])
  })

  test.each([
    ['kernel', { kernel: '5.10.101-android12' }],
    ['machine', { machine: 'Phone X' }],
    ['architecture', { architecture: 'aarch64' }],
    ['page size', { pageBytes: 16384 }],
    ['memory', { memoryTotalBytes: 1 }],
    ['file system', { fileSystem: 'f2fs' }],
    ['block device', { blockDevice: 'dm-42' }],
    ['mount options', { mountOptions: 'ro' }],
    ['folder', { directory: '/elsewhere' }],
    ['root', { root: false }],
    ['agent', { agentVersion: '0.2.0' }],
  ])('are two where the %s differs', (what, changes) => {
    expect(differing(now(changes))).toEqual([what])
  })

  test('are two where Android was updated between them', () => {
    const first = now({ android: exampleAndroid })
    const fingerprint = 'a/b/c:16/BP1A.1/2:user/release-keys'
    const updated = now({ android: { ...exampleAndroid, release: '16', sdk: 36, fingerprint } })
    const told = experimentDifferences(plan, first, updated)
    expect(told.map(({ what }) => what)).toEqual(['Android', 'build'])
    expect(experimentDifferences(plan, first, first)).toEqual([])
    // An older lab did not ask.
    expect(experimentDifferences(plan, before, first)).toEqual([])
  })

  test('are two where the file or the machine was replaced by one like it', () => {
    const identity = { machine: 'beef', file: null }
    expect(differing({ ...before, identity })).toEqual(['machine id'])
    const first = { ...before, identity: { ...exampleIdentity, file: '/m.bin, 5 bytes, inode 1' } }
    const second = { ...before, identity: { ...exampleIdentity, file: '/m.bin, 5 bytes, inode 2' } }
    expect(experimentDifferencesText(experimentDifferences(plan, first, second))).toBe(
      'file was /m.bin, 5 bytes, inode 1 and is /m.bin, 5 bytes, inode 2',
    )
  })

  test('are two where the storage has another ceiling, whichever is higher', () => {
    const slow = { ...exampleCeiling, bytesPerSecond: exampleCeiling.bytesPerSecond / 8 }
    const told = experimentDifferencesText(experimentDifferences(plan, before, { ...before, ceiling: slow }))
    expect(told).toBe("the storage's ceiling was 2.00 GB/s and is 250 MB/s")
    expect(experimentDifferences(plan, { ...before, ceiling: slow }, before)).toHaveLength(1)
  })

  test('are one where a read of milliseconds was disturbed, and two where one of seconds moved as much', () => {
    const measured = (bytes: number, bytesPerSecond: number): Setting => ({
      ...before,
      ceiling: { ...exampleCeiling, bytes, bytesPerSecond },
    })
    // Both of one emulated disk, minutes apart, on a host with other work.
    const [disturbed, quick] = [448_228_402, 5_511_053_005]
    for (const [first, second] of [
      [disturbed, quick],
      [quick, disturbed],
    ] as const) {
      const differences = (bytes: number) =>
        experimentDifferences(plan, measured(bytes, first), measured(bytes, second))
      expect(differences(8 * MiB)).toEqual([])
      expect(differences(GiB)).toHaveLength(1)
    }
  })

  test('are two where a scheme of the plan is possible in one of them only', () => {
    const { schemes } = before.capabilities
    const without = schemes.map(each =>
      each.scheme === 'memfd-direct' ? { ...each, can: false, why: 'needs O_DIRECT' } : each,
    )
    const other = { ...before, capabilities: { ...before.capabilities, schemes: without } }
    expect(experimentDifferencesText(experimentDifferences(plan, before, other))).toBe(
      'memfd-direct was possible and is not possible (needs O_DIRECT)',
    )
  })
})
