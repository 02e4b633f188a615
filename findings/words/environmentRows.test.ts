import { expect, test } from 'vitest'
import type { Limits } from '../../contract/target.ts'
import { exampleAndroid, exampleCapabilities, exampleCeiling } from '../../db/fixtures/exampleRun.ts'
import { ceilingText, runCeilingText } from './ceilingText.ts'
import { machineRows, stateRows } from './environmentRows.ts'

const { environment } = exampleCapabilities()
const unlimited = {
  ...{ memoryBytes: null, memoryLeftBytes: null, processors: 2, processorPercent: null },
  ...{ addressSpaceBytes: null, fileBytes: null, lockedBytes: null, openFiles: 1024 },
}
const file = {
  ...{ path: '/data/model', bytes: 2 ** 26, allocatedBytes: 0, holeBytes: 2 ** 26, unwrittenBytes: 0 },
  ...{ extents: 0, entropyMillibits: 0, repeatedPercent: 99, states: ['sparse', 'compressible'] as const },
}

test('an older run, which knows no limits and no file, has no rows for them', () => {
  const names = [...machineRows(environment), ...stateRows(environment)].map(([what]) => what)
  expect(names).not.toContain('memory limit')
  expect(names).not.toContain('measured file')
})

test('the device and its Android are said, and nothing where it was not asked', () => {
  const rows = (android: typeof exampleAndroid) =>
    Object.fromEntries(machineRows({ ...environment, android }))
  expect(rows(exampleAndroid)).toMatchObject({
    device: 'Example Phone X',
    SoC: 'Maker M1',
    Android: '15 (SDK 35)',
    'security patch': '2024-10-05',
    'build type': 'user',
    build: 'a/b/c:15/AP3A.1/1:user/release-keys',
  })
  const nothing = { manufacturer: null, model: null, socManufacturer: null, socModel: null, release: null }
  const untold = { ...nothing, sdk: null, securityPatch: null, buildType: null, fingerprint: null }
  const names = ['device', 'SoC', 'Android', 'security patch', 'build type', 'build']
  expect(rows(untold)).toMatchObject(Object.fromEntries(names.map(name => [name, 'not told'])))
  const older = machineRows(environment).map(([what]) => what)
  for (const name of names) expect(older).not.toContain(name)
})

test('limits and the state of the file are said', () => {
  const limits = {
    ...unlimited,
    memoryBytes: 2 ** 28,
    processors: 1,
    processorPercent: 50,
    fileBytes: 2 ** 20,
  }
  const told = { ...environment, limits, file: { ...file, states: [...file.states] } }
  expect(Object.fromEntries(machineRows(told))).toMatchObject({
    'memory limit': '256 MiB',
    'CPU limits': "1 of 2 CPUs, 50 % of one CPU's time",
    ulimits: 'files 1 MiB',
    'measured file': 'sparse (64 MiB of holes), compressible (0.00 bits a byte, 99 % repeated)',
  })
  const plain = { ...environment, limits: unlimited, file: { ...file, states: [] } }
  expect(Object.fromEntries(machineRows(plain))).toMatchObject({
    'memory limit': 'none',
    'CPU limits': 'none',
    'measured file': 'plain',
  })
})

test('a limit that cannot be told is no missing one, and says why', () => {
  const rows = (limits: Limits) => Object.fromEntries(machineRows({ ...environment, limits }))
  const hidden = 'EACCES on /sys/fs/cgroup/adb/memory.max'
  const quota = 'the control group /adb is not mounted'
  expect(rows({ ...unlimited, memoryUntold: hidden, processorPercentUntold: quota })).toMatchObject({
    'memory limit': `not told: ${hidden}`,
    'CPU limits': `CPU time not told: ${quota}`,
  })
  expect(rows({ ...unlimited, processors: 1, processorPercentUntold: quota })).toMatchObject({
    'memory limit': 'none',
    'CPU limits': `1 of 2 CPUs, CPU time not told: ${quota}`,
  })
})

test('a ceiling of buffered reads is called one, and a missing one says why', () => {
  expect(ceilingText({ ...exampleCeiling, ioMode: 'buffered' })).toMatch(/^2\.00 GB\/s of buffered reads,/)
  const capabilities = { ...exampleCapabilities(), noCeiling: 'the file stays in the page cache' }
  expect(runCeilingText({ ceiling: null, capabilities })).toBe('none: the file stays in the page cache')
  expect(runCeilingText({ ceiling: null, capabilities: null })).toBe('not measured')
})

test('a heap is protected by its name, and by what was tried', () => {
  const heaps = [
    { name: 'system', access: 'read', cpuAccess: true },
    { name: 'restricted_mtk_cma', access: 'read', cpuAccess: false },
    { name: 'protected,secure-video', access: 'denied', cpuAccess: false },
    { name: 'qcom,secure-pixel', access: 'read', cpuAccess: true },
    { name: 'carveout', access: 'read', cpuAccess: false },
    { name: 'secretary', access: 'read', cpuAccess: true },
  ] as const
  expect(Object.fromEntries(machineRows({ ...environment, heaps: [...heaps] }))['dma-heaps']).toBe(
    [
      'system',
      'restricted_mtk_cma (protected by its name, no CPU access)',
      'protected,secure-video (denied, protected by its name)',
      'qcom,secure-pixel (protected by its name, but the CPU maps it)',
      'carveout (no CPU access)',
      'secretary',
    ].join(', '),
  )
})
