import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EngineEvent } from '../../contract/engine.ts'
import { type PlanInput, planSchema } from '../../contract/plan.ts'
import { withValues } from '../../contract/profile.ts'
import { schemeIds } from '../../contract/schemes.ts'
import { GiB, MiB } from '../../contract/size.ts'
import { capabilitiesSchema, ceilingSchema } from '../../contract/target.ts'
import { ProfileShelf } from '../profiles/profileShelf.ts'
import { runBench } from '../run/runPlan.ts'
import { openTarget } from './openTarget.ts'

const never = new AbortController().signal
const scope = { directory: null, heap: 'system' }
let dataDirectory: string

beforeAll(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'dmabuf-lab-simulated-'))
})

afterAll(() => rmSync(dataDirectory, { recursive: true }))

function open(profile: string) {
  const adbServer = { host: '127.0.0.1', port: 5037 }
  return openTarget(`sim:${profile}`, { agentDirectory: '', dataDirectory, adbServer }, never)
}

async function bench(plan: Omit<PlanInput, 'target'>, signal = never, profile = 'ufs4-phone-2024') {
  const target = await open(profile)
  const events: EngineEvent[] = []
  const checked = planSchema.parse({ target: target.id, warmups: 0, ...plan })
  const ended = await runBench(
    target,
    { plan: checked, doneKeys: new Set() },
    event => events.push(event),
    signal,
  )
  return { ended, samples: events.flatMap(event => (event.type === 'sample' ? [event.sample] : [])) }
}

describe('a simulated target', () => {
  test('says what it is, and that it can run everything', async () => {
    const capabilities = capabilitiesSchema.parse(await (await open('ufs4-phone-2024')).probe(scope, never))
    expect(capabilities.simulated).toBe(true)
    expect(capabilities.schemes.filter(({ can }) => !can)).toEqual([])
  })

  test('says why a restricted heap can run little', async () => {
    const { schemes } = await (await open('ufs4-phone-restricted-heap')).probe(scope, never)
    const refused = schemes.filter(({ can }) => !can)
    expect(refused.map(({ scheme }) => scheme)).toContain('read-async-direct')
    for (const { why } of refused) expect(why).toContain('restricted heap')
  })

  test('that no profile stands for is refused with the ones there are', async () => {
    await expect(open('pixel')).rejects.toMatchObject({
      kind: 'not-found',
      hint: expect.stringContaining('ufs4-phone-2024'),
    })
  })

  test('has a ceiling just under the bandwidth of its storage', async () => {
    const target = await open('ufs4-phone-2024-uncalibrated')
    const file = await target.prepare({ bytes: GiB, seed: 1, directory: null }, () => {}, never)
    const ceiling = ceilingSchema.parse(await target.ceiling(file, never))
    expect(ceiling.simulated).toBe(true)
    expect(ceiling.bytesPerSecond).toBeGreaterThan(2e9)
  })

  test('has no more memory to press than its profile says', async () => {
    const target = await open('ufs4-phone-2024')
    await expect(target.startPressure(64 * GiB, never)).rejects.toMatchObject({
      kind: 'no-memory',
      message: expect.stringMatching(/has \d\S*GiB of memory, less than the pressure of 64GiB$/),
    })
  })

  test('has no files of its own', async () => {
    const target = await open('ufs4-phone-2024')
    await expect(target.adopt('/sdcard/model.bin', () => {}, never)).rejects.toMatchObject({
      kind: 'unsupported',
    })
  })
})

describe('a run on a simulated target', () => {
  test('runs every scheme through the same bench as a measured one', async () => {
    const { ended, samples } = await bench({ schemes: [...schemeIds], sizesBytes: [8 * MiB], repeats: 2 })
    expect(ended).toMatchObject({ type: 'ended', status: 'finished' })
    expect(samples).toHaveLength(2 * schemeIds.length)
    for (const sample of samples) expect(sample).toMatchObject({ status: 'ok', simulated: true })
  })

  test('gives the same samples for the same seed, and others for another', async () => {
    const plan = { schemes: ['normal' as const], sizesBytes: [8 * MiB], repeats: 3 }
    const totals = async (seed: number) =>
      (await bench({ ...plan, seed })).samples.map(({ totalNs }) => totalNs)
    const first = await totals(1)
    expect(await totals(1)).toEqual(first)
    expect(await totals(2)).not.toEqual(first)
    expect(new Set(first).size).toBe(3)
  })

  test('feels memory pressure', async () => {
    const plan = { schemes: ['read-async-direct' as const], sizesBytes: [GiB], repeats: 1 }
    const totalNs = async (pressureBytes: number) =>
      (await bench({ ...plan, pressureBytes })).samples[0]?.totalNs ?? 0
    expect(await totalNs(4 * GiB)).toBeGreaterThan(1.5 * (await totalNs(0)))
  })

  test('says once per size what the simulated kernel refuses, and measures the rest', async () => {
    const shelf = new ProfileShelf(dataDirectory)
    const phone = { ...shelf.get('ufs4-phone-2024'), name: 'limited' }
    shelf.save(withValues(phone, { udmabufSizeLimitMiB: 64 }))
    const plan = { schemes: ['udmabuf-direct' as const], sizesBytes: [64 * MiB, 65 * MiB], repeats: 2 }
    const { samples } = await bench(plan, never, 'limited')
    const told = samples.map(({ bytes, status }) => `${bytes / MiB} ${status}`).sort()
    expect(told).toEqual(['64 ok', '64 ok', '65 unsupported'])
    expect(samples.find(({ status }) => status === 'unsupported')?.reason).toContain('size_limit_mb')
  })

  test('can be cancelled between samples', async () => {
    const abort = new AbortController()
    abort.abort()
    await expect(bench({ schemes: ['normal'], sizesBytes: [MiB] }, abort.signal)).resolves.toMatchObject({
      ended: { type: 'ended', status: 'cancelled' },
    })
  })
})
