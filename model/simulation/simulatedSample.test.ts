import { describe, expect, test } from 'vitest'
import { LabFailure } from '../../contract/error.ts'
import type { HugePageSize } from '../../contract/plan.ts'
import { type Profile, withValues } from '../../contract/profile.ts'
import { sampleSchema, spanSchema } from '../../contract/sample.ts'
import { schemeIds, schemeOf } from '../../contract/schemes.ts'
import { GiB, MiB, TiB } from '../../contract/size.ts'
import { bundledProfile } from '../profiles/bundledProfiles.ts'
import { type SimulationRequest, simulateSample } from './simulatedSample.ts'

const phone = bundledProfile('ufs4-phone-2024')
const restricted = bundledProfile('ufs4-phone-restricted-heap')

const shape = { bytes: 8 * MiB, gatherBytes: 4 * MiB, readers: 2, hugePages: false }

function request(differences: Partial<SimulationRequest> = {}): SimulationRequest {
  return { scheme: 'read-async-direct', load: shape, pressureBytes: 0, noiseKey: 'a', ...differences }
}

test.each(schemeIds)('%s gives a complete sample that is marked as simulated', scheme => {
  const { sample, spans } = simulateSample(phone, request({ scheme }))
  const complete = sampleSchema.parse({ ...sample, repeat: 0, warmup: false, ofCeiling: null })
  expect(complete).toMatchObject({ status: 'ok', simulated: true, cold: true, verified: false })
  expect(complete.direct).toBe(schemeOf(scheme).ioMode === 'direct')
  expect(complete.throughput).toBeCloseTo((8 * MiB) / ((sample.totalNs ?? 0) / 1e9), 6)
  for (const span of spans) spanSchema.parse(span)
})

test('gathers and readers are told where the scheme has them', () => {
  const told = (scheme: SimulationRequest['scheme'], bytes = 8 * MiB) => {
    const { sample } = simulateSample(phone, request({ scheme, load: { ...shape, bytes } }))
    return [sample.gatherBytes, sample.readers]
  }
  expect(told('read-async-direct')).toEqual([4 * MiB, 2])
  expect(told('read-async-direct', MiB)).toEqual([MiB, 2])
  expect(told('udmabuf-async-direct')).toEqual([null, 1])
  expect(told('normal')).toEqual([null, null])
})

describe('noise', () => {
  const totalNs = (noiseKey: string, profile = phone) =>
    simulateSample(profile, request({ noiseKey })).sample.totalNs ?? 0

  test('differs from repeat to repeat, and is the same for the same key', () => {
    expect(totalNs('a')).toBe(totalNs('a'))
    expect(totalNs('a')).not.toBe(totalNs('b'))
  })

  test('spreads as the profile says, around what the profile says', () => {
    const quiet = totalNs('a', withValues(phone, { cpuSpread: 0, storageSpread: 0 }))
    const ratios = Array.from({ length: 400 }, (_, at) => totalNs(String(at)) / quiet)
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
    const spread = Math.sqrt(ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / ratios.length)
    expect(mean).toBeCloseTo(1, 2)
    expect(spread).toBeGreaterThan(0.015)
    expect(spread).toBeLessThan(0.04)
  })
})

function refusalOf(profile: Profile, asked: SimulationRequest): string | null {
  try {
    simulateSample(profile, asked)
    return null
  } catch (thrown) {
    if (thrown instanceof LabFailure && thrown.kind === 'unsupported') return thrown.message
    throw thrown
  }
}

test('huge pages that only larger pages have are refused by name, and those of 2 MiB are not', () => {
  const asking = (hugePageSize: HugePageSize) =>
    refusalOf(
      phone,
      request({ scheme: 'udmabuf-list-direct', load: { ...shape, hugePages: true, hugePageSize } }),
    )
  expect(asking('2MiB')).toBeNull()
  expect(asking('hugetlb')).toBeNull()
  for (const size of ['4MiB', '32MiB'] as const) expect(asking(size)).toContain(`not ${size}`)
})

test('a restricted heap refuses every scheme that maps a dma-heap buffer, before it starts', () => {
  const refusals = schemeIds
    .map(scheme => ({ scheme, refusal: refusalOf(restricted, request({ scheme })) }))
    .filter(({ refusal }) => refusal !== null)
  expect(refusals.map(({ scheme }) => scheme)).toEqual([
    'normal',
    'normal-mmap-copy',
    'normal-dontcache',
    'sendfile-buffered',
    'sendfile-direct',
    'read-sync-buffered',
    'read-sync-direct',
    'read-async-buffered',
    'read-async-direct',
    'wrapfd-direct',
    'wrapfd-segments-direct',
    'wrapfd-slices-direct',
  ])
  for (const { refusal } of refusals) expect(refusal).toContain('restricted heap')
})

describe('a udmabuf', () => {
  const limited: Profile = withValues(phone, { udmabufSizeLimitMiB: 64 })
  const load = (bytes: number) => request({ scheme: 'udmabuf-direct', load: { ...shape, bytes } })

  test('over the size limit is refused as the kernel does', () => {
    expect(refusalOf(limited, load(64 * MiB))).toBeNull()
    expect(refusalOf(limited, load(65 * MiB))).toMatch(/^EINVAL: 65MiB/)
  })

  test('tells the kernel memory it takes', () => {
    expect(simulateSample(limited, load(64 * MiB)).sample.figures).toMatchObject({
      udmabufFolios: 16_384,
      udmabufEntriesUsedBytes: 16_384 * 24,
      udmabufEntriesWastedBytes: 16_384 * 40,
    })
  })
})

test('a load that does not fit the device beside the pressure is refused for want of memory', () => {
  const load = { ...shape, bytes: 8 * GiB }
  expect(() => simulateSample(phone, request({ load, pressureBytes: 4 * GiB }))).toThrow(
    expect.objectContaining({ kind: 'no-memory' }),
  )
})

describe('what cannot be simulated is refused', () => {
  test.each([
    ['an empty file', { bytes: 0 }],
    ['a file beyond 2^53 bytes', { bytes: 2 ** 53 + 2 }],
    ['a file that would take hours', { bytes: 2 * TiB }],
    ['half a byte', { bytes: 1.5 }],
    ['a gather of nothing', { gatherBytes: 0 }],
    ['a negative gather', { gatherBytes: -4096 }],
    ['millions of gathers', { bytes: 64 * GiB, gatherBytes: 4096 }],
    ['no reader', { readers: 0 }],
    ['a crowd of readers', { readers: 65 }],
  ])('%s', (_what, changed) => {
    const refused = () => simulateSample(phone, request({ load: { ...shape, ...changed } }))
    expect(refused).toThrow(expect.objectContaining({ kind: 'bad-input' }))
  })
})
