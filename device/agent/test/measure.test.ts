import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, release } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Span } from '../../../contract/sample.ts'
import { schemesOfFamily } from '../../../contract/schemes.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { optionWords, runAgent, sampleOf } from './agentRun.ts'
import { makeTestFolder, noDirectReads, removeTestFolder } from './testFolder.ts'

const KiB = 1024
const MiB = 1024 * KiB
const gatherBytes = MiB
const oddSizes = [1, 511, 4095, 4096, 4097, MiB - 1, MiB + 1, 8 * MiB + 513]
const largestBytes = 8 * MiB + 513
const seed = 42
const folder = makeTestFolder()
const notRoot = process.getuid?.() === 0 ? null : 'not root: page frames are hidden'
const [major = 0, minor = 0] = release().split('.').map(Number)
const listsLimit = '/proc/sys/vm/percpu_pagelist_high_fraction'
const keepsLists = notRoot ?? whyListsAreKept()
const path = join(folder, 'content.bin')
let binary = ''

beforeAll(async () => {
  binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64' })
  await runAgent({ binary }, ['prepare', ...optionWords({ path, bytes: largestBytes, seed })])
})
afterAll(() => removeTestFolder(folder))

function whyListsAreKept(): string | null {
  if (major * 100 + minor < 607) return 'Linux before 6.7 does not shorten its lists'
  const limit = readFileSync(listsLimit, 'utf8').trim()
  return limit === '0' || limit === '999983' ? null : "the limit of the lists is not the kernel's own here"
}

async function measure(scheme: string, bytes: number, more: Record<string, string | number> = {}) {
  const options = { scheme, path, bytes, gather: gatherBytes, verify: `seed:${seed}`, ...more }
  const run = await runAgent({ binary }, ['measure', ...optionWords(options)])
  return { code: run.code, ...sampleOf(run) }
}

function overlapsWithinLane(spans: readonly Span[]): Span[] {
  const byLane = Object.values(Object.groupBy(spans, span => span.lane))
  return byLane.flatMap((lane = []) => {
    const ordered = lane.toSorted((a, b) => a.startNs - b.startNs || a.endNs - b.endNs)
    return ordered.filter((span, index) => span.startNs < (ordered[index - 1]?.endNs ?? 0))
  })
}

function bytesOf(spans: readonly Span[], phase: Span['phase']): number {
  return spans.filter(span => span.phase === phase).reduce((sum, span) => sum + span.bytes, 0)
}

const noDontcache = major * 100 + minor < 614 ? 'Linux before 6.14 has no RWF_DONTCACHE' : null

describe.each(schemesOfFamily('memfd'))('$id', scheme => {
  const direct = scheme.ioMode === 'direct'
  const leavesNothing = direct || scheme.fill === 'dontcache'
  const whyNot = direct ? noDirectReads : scheme.fill === 'dontcache' ? noDontcache : null
  const skipped = whyNot !== null

  test.skipIf(skipped)(
    `loads and verifies every odd size${skipped ? ` (skipped: ${whyNot})` : ''}`,
    async () => {
      for (const bytes of oddSizes) {
        const { code, sample } = await measure(scheme.id, bytes)
        expect({ ...sample, code }).toMatchObject({ code: 0, status: 'ok', bytes, verified: true })
      }
    },
  )

  test.skipIf(skipped)('tells the truth about cache and path', async () => {
    const { sample } = await measure(scheme.id, largestBytes)
    expect(sample).toMatchObject({ cold: true, direct, marks: [] })
    expect(sample.figures.deviceReadBytes).toBeGreaterThanOrEqual(largestBytes)
    if (leavesNothing) expect(sample.figures.residentBytesAfter).toBe(0)
  })

  // Labs that are no test's empty the whole cache, at any moment: a few loads, of which one is left alone.
  if (!leavesNothing)
    test('leaves the whole file in the cache', { retry: 9 }, async () => {
      const { sample } = await measure(scheme.id, largestBytes)
      expect(sample.figures.residentBytesAfter).toBeGreaterThanOrEqual(largestBytes)
    })

  test.skipIf(skipped)('has spans that fit the sample', async () => {
    const { sample, spans } = await measure(scheme.id, largestBytes, { readers: 3, populators: 2 })
    const timed = spans.filter(span => span.phase !== 'close')
    const totalNs = sample.totalNs ?? 0
    expect(Math.max(...timed.map(span => span.endNs))).toBeLessThanOrEqual(totalNs)
    expect(overlapsWithinLane(spans)).toEqual([])
    expect(bytesOf(spans, 'read') + bytesOf(spans, 'copy')).toBe(largestBytes)
    expect(sample.readNs).toBeLessThanOrEqual(totalNs)
    expect(sample.closeNs).toBe(
      spans.filter(s => s.phase === 'close').reduce((n, s) => n + s.endNs - s.startNs, 0),
    )
    if (scheme.overlap !== 'gather') return
    const gathers = Math.ceil(largestBytes / gatherBytes)
    for (const phase of ['alloc', 'read'] as const) {
      const indexes = spans.filter(span => span.phase === phase).map(span => span.gather)
      expect(indexes.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([...Array(gathers).keys()])
    }
    for (const read of spans.filter(span => span.phase === 'read')) {
      const alloc = spans.find(span => span.phase === 'alloc' && span.gather === read.gather)
      expect(read.startNs).toBeGreaterThanOrEqual(alloc?.endNs ?? Number.POSITIVE_INFINITY)
    }
    expect(sample).toMatchObject({ gatherBytes, readers: 3 })
    // Where another gather was populated between its parts, the first took longer than the spans of all, see phaseTimes().
    const remainingNs = (sample.allocNs ?? 0) - (sample.firstGatherNs ?? Number.POSITIVE_INFINITY)
    expect(sample.remainingAllocNs).toBe(Math.max(0, remainingNs))
  })
})

describe('measure', () => {
  test('names the first wrong byte', async () => {
    const { code, sample } = await measure('memfd-buffered', largestBytes, { verify: 'seed:43' })
    expect(code).toBe(0)
    expect(sample.status).toBe('failed')
    expect(sample.reason).toMatch(/^wrong byte at offset 0: expected \d+, found \d+$/)
    expect(sample.totalNs).toBeNull()
  })

  test('verifies against the file and leaves it out of the cache', async () => {
    for (const scheme of ['memfd-buffered', 'memfd-gather-buffered']) {
      const first = await measure(scheme, largestBytes, { verify: 'file' })
      expect(first.sample).toMatchObject({ status: 'ok', verified: true })
      const next = await measure(scheme, largestBytes, { verify: 'none', cold: 0 })
      expect(next.sample).toMatchObject({ cold: true, verified: false, marks: ['not verified'] })
    }
  })

  test('marks a load of a cached file as warm', async () => {
    await measure('memfd-buffered', largestBytes)
    const { sample } = await measure('memfd-buffered', largestBytes, { cold: 0 })
    expect(sample).toMatchObject({ status: 'ok', cold: false, marks: ['warm'] })
  })

  test('rehearses a cold load where the host takes free memory back, and only there', async () => {
    const driver = '/sys/bus/virtio/drivers/virtio_balloon'
    const features = (existsSync(driver) ? readdirSync(driver) : [])
      .map(device => join(driver, device, 'features'))
      .filter(file => existsSync(file))
    const reports = features.some(file => readFileSync(file, 'utf8')[5] === '1')
    for (const scheme of ['memfd-buffered', 'memfd-gather-buffered']) {
      const cold = await measure(scheme, largestBytes)
      expect(cold.sample).toMatchObject({ status: 'ok', cold: true, verified: true })
      expect(cold.sample.figures.rehearsalNs !== undefined).toBe(reports)
      const asItIs = await measure(scheme, largestBytes, { cold: 0 })
      expect(asItIs.sample.figures).not.toHaveProperty('rehearsalNs')
    }
  })

  test.skipIf(notRoot !== null)(
    `tells in how many runs of adjoining pages the buffer lies${notRoot ? ` (skipped: ${notRoot})` : ''}`,
    async () => {
      const pages = Math.ceil(largestBytes / (4 * KiB))
      const { sample: small } = await measure('memfd-gather-buffered', largestBytes)
      expect(small.figures.physicalRuns).toBeGreaterThanOrEqual(1)
      expect(small.figures.physicalRuns).toBeLessThanOrEqual(pages)
      const { sample: huge } = await measure('memfd-gather-buffered', largestBytes, { 'huge-pages': 1 })
      if ((huge.figures.hugePageBytes ?? 0) < largestBytes) return
      expect(huge.figures.physicalRuns).toBeLessThanOrEqual(Math.ceil(largestBytes / (2 * MiB)))
    },
  )

  test.skipIf(keepsLists !== null)(
    `a cold load does not start from what was freed last${keepsLists ? ` (skipped: ${keepsLists})` : ''}`,
    async () => {
      const left: number[] = []
      for (let load = 0; load < 3; load++) {
        const { sample } = await measure('memfd-buffered', largestBytes)
        left.push(sample.figures.freeListBytes ?? Number.NaN)
      }
      // Four batches for each processor and zone; what others free meanwhile comes on top, but not every time.
      expect(Math.min(...left)).toBeLessThan(availableParallelism() * 3 * MiB)
    },
  )

  test.skipIf(keepsLists !== null)(
    `puts the lists' limit back, and what a killed agent left of it${keepsLists ? ` (skipped: ${keepsLists})` : ''}`,
    async () => {
      const limit = () => readFileSync(listsLimit, 'utf8').trim()
      // Another agent may be at it.
      await expect.poll(limit).toBe('0')
      await measure('memfd-buffered', largestBytes)
      await expect.poll(limit).toBe('0')
      writeFileSync(listsLimit, '999983')
      await measure('memfd-buffered', largestBytes)
      await expect.poll(limit).toBe('0')
    },
  )

  test('loads with a gather that is no multiple of anything, more readers than gathers, huge pages', async () => {
    const scheme = noDirectReads === null ? 'memfd-gather-direct' : 'memfd-gather-buffered'
    const options = { gather: 3 * MiB + 1, readers: 64, populators: 5, 'huge-pages': 1 }
    const { sample } = await measure(scheme, largestBytes, options)
    expect(sample).toMatchObject({ status: 'ok', verified: true, gatherBytes: 3 * MiB + 4 * KiB })
  })
})
