import { describe, expect, it } from 'vitest'
import { type EngineEvent, engineEventSchema } from '../../contract/engine.ts'
import { LabFailure } from '../../contract/error.ts'
import { type PlanInput, planSchema } from '../../contract/plan.ts'
import { sampleKey } from '../../contract/sample.ts'
import { KiB, MiB } from '../../contract/size.ts'
import { runBench } from './runPlan.ts'
import { type Script, scriptedTarget } from './scriptedTarget.ts'

const base = {
  target: 'local',
  schemes: ['memfd-buffered', 'memfd-mmap-copy'],
  sizesBytes: [8 * KiB, 4 * KiB],
}

const unlimited = {
  ...{ memoryBytes: null, memoryLeftBytes: null, processors: null, processorPercent: null },
  ...{ addressSpaceBytes: null, fileBytes: null, lockedBytes: null, openFiles: null },
}

type Options = { plan?: Partial<PlanInput>; script?: Script; doneKeys?: string[]; cancelAfterMs?: number }

async function bench({ plan, script = {}, doneKeys = [], cancelAfterMs }: Options) {
  const checked = planSchema.parse({ ...base, repeats: 2, ...plan })
  const target = scriptedTarget(script)
  const events: EngineEvent[] = []
  const signal =
    cancelAfterMs === undefined ? new AbortController().signal : AbortSignal.timeout(cancelAfterMs)
  const report = (event: EngineEvent) => events.push(engineEventSchema.parse(event))
  const ended = await runBench(target, { plan: checked, doneKeys: new Set(doneKeys) }, report, signal).catch(
    (thrown: unknown) => thrown,
  )
  const samples = events.flatMap(event => (event.type === 'sample' ? [event.sample] : []))
  const progress = events.flatMap(event => (event.type === 'progress' ? [event.progress] : []))
  const started = events.find(event => event.type === 'started')
  return { ended, samples, progress, started, target }
}

describe('runBench', () => {
  it('probes, prepares the largest size, looks at its disk, measures the ceiling, then every sample, then probes again', async () => {
    const { ended, samples, started, target } = await bench({})
    expect(ended).toMatchObject({
      type: 'ended',
      status: 'finished',
      capabilitiesAfter: { title: 'scripted' },
    })
    expect(target.log).toEqual([
      'probe',
      'prepare 8192',
      'probe /scripted/file',
      'ceiling 8192',
      'probe /scripted/file',
    ])
    expect(started).toMatchObject({ samplesPlanned: 12, ceiling: { bytesPerSecond: 2e9 } })
    expect(new Set(samples.map(sampleKey)).size).toBe(12)
    expect(samples.map(sample => sample.warmup)).toEqual([...Array(4).fill(true), ...Array(8).fill(false)])
    expect(new Set(samples.slice(4, 8).map(sample => sample.bytes))).toEqual(new Set([4096, 8192]))
  })

  it('relates every throughput to the ceiling', async () => {
    const { samples } = await bench({})
    expect(samples[0]).toMatchObject({ throughput: 4.096e9, ofCeiling: 2.048 })
    const without = await bench({ plan: { ceiling: false } })
    expect(without.samples[0]?.ofCeiling).toBeNull()
    expect(without.target.log).not.toContain('ceiling 8192')
  })

  it('goes on without a ceiling where the file system cannot read directly', async () => {
    const failCeiling = new LabFailure({ kind: 'unsupported', message: 'no O_DIRECT', hint: '' })
    const { ended, started } = await bench({ script: { failCeiling } })
    expect(ended).toMatchObject({ status: 'finished' })
    expect(started).toMatchObject({ ceiling: null, capabilities: { noCeiling: 'no O_DIRECT' } })
  })

  it('goes on without a ceiling where measuring it failed, and says how', async () => {
    const failCeiling = new LabFailure({ kind: 'agent-failed', message: 'EIO: reading failed', hint: '' })
    const { samples, started } = await bench({ script: { failCeiling } })
    expect(samples).toHaveLength(12)
    expect(started).toMatchObject({ ceiling: null, capabilities: { noCeiling: 'EIO: reading failed' } })
  })

  it('stops after three loads in a row that fail alike, whatever numbers they name', async () => {
    const { ended, samples } = await bench({
      script: {
        onLoad: (_, count) =>
          count > 2 ? { status: 'failed', reason: `EIO: the read failed at byte ${count}` } : {},
      },
    })
    expect(ended).toMatchObject({ kind: 'agent-failed', message: expect.stringMatching(/3 loads.*byte 5/) })
    expect(samples.map(sample => sample.status)).toEqual(['ok', 'ok', 'failed', 'failed', 'failed'])
  })

  it('measures what fills another kind of buffer before it stops for such loads, in a resumed run as well', async () => {
    const plan: Partial<PlanInput> = {
      schemes: ['memfd-buffered', 'memfd-direct', 'normal'],
      sizesBytes: [8192],
      warmups: 0,
      repeats: 5,
    }
    const onLoad: Script['onLoad'] = ({ scheme }) =>
      scheme === 'normal' ? {} : { status: 'failed', reason: 'ended by SIGKILL' }
    const first = await bench({ plan, script: { onLoad } })
    const loaded = first.samples.filter(sample => sample.status === 'ok').map(sampleKey)
    expect(loaded).toHaveLength(5)
    expect(first.ended).toMatchObject({ kind: 'agent-failed', message: expect.stringMatching(/^given up/) })
    const last = loaded.pop()
    const resumed = await bench({ plan, script: { onLoad }, doneKeys: loaded })
    expect(resumed.samples.filter(sample => sample.status === 'ok').map(sampleKey)).toEqual([last])
    const sick = await bench({ plan, script: { onLoad: () => ({ status: 'failed', reason: 'stuck' }) } })
    expect(sick.ended).toMatchObject({
      kind: 'agent-failed',
      message: expect.stringContaining('in a row failed alike'),
    })
    expect(sick.samples.length).toBeLessThanOrEqual(4)
  })

  it('counts on while loads that were put off are measured after all', async () => {
    let inRow = 0
    const onLoad: Script['onLoad'] = ({ scheme }) => {
      if (scheme === 'normal' && inRow < 3) inRow = 0
      const isSick = scheme !== 'normal' && inRow < 3
      if (isSick) inRow += 1
      return isSick ? { status: 'failed', reason: 'ended by SIGKILL' } : {}
    }
    const schemes: PlanInput['schemes'] = ['memfd-buffered', 'memfd-direct', 'memfd-gather-direct', 'normal']
    const plan = { schemes, sizesBytes: [8192], warmups: 0, repeats: 5 }
    const { ended, progress, samples } = await bench({ plan, script: { onLoad } })
    expect(ended).toMatchObject({ status: 'finished' })
    expect(samples.map(sampleKey).toSorted()).toEqual([...new Set(samples.map(sampleKey))].toSorted())
    const done = progress.filter(step => step.stage === 'measuring').map(step => step.done)
    expect(done).toEqual([...done.keys()])
  })

  it('gives up a scheme at a size after three equal failures, measures the rest, and does not call it finished', async () => {
    const { ended, samples } = await bench({
      plan: { repeats: 5 },
      script: {
        onLoad: ({ scheme, bytes }) =>
          scheme === 'memfd-mmap-copy' && bytes === 4096 ? { status: 'failed', reason: 'stuck' } : {},
      },
    })
    expect(ended).toMatchObject({
      kind: 'agent-failed',
      message: expect.stringContaining('memfd-mmap-copy at 4KiB (stuck)'),
    })
    expect(samples.filter(sample => sample.status === 'failed')).toHaveLength(3)
    expect(samples.filter(sample => sample.status === 'ok')).toHaveLength(18)
  })

  it('keeps no load as ok that was not under the promised pressure to its end', async () => {
    const lost = new LabFailure({ kind: 'no-memory', message: 'the memory pressure ended', hint: '' })
    const { ended, samples } = await bench({
      plan: { pressureBytes: MiB },
      script: {
        confirmPressure: loads => {
          if (loads === 5) throw lost
        },
      },
    })
    expect(ended).toBe(lost)
    expect(samples.map(sample => sample.status)).toEqual(['ok', 'ok', 'ok', 'ok', 'failed'])
    expect(samples.at(-1)).toMatchObject({ reason: 'the memory pressure ended', totalNs: null })
  })

  it('has one unsupported sample per size for a scheme that the target cannot run', async () => {
    const { samples, target, started } = await bench({
      plan: { schemes: ['memfd-buffered', 'udmabuf-buffered'] },
      script: { requirements: id => (id === 'udmabuf' ? 'needs /dev/udmabuf' : '') },
    })
    const unsupported = samples.filter(sample => sample.scheme === 'udmabuf-buffered')
    expect(unsupported.map(sample => [sample.status, sample.reason, sample.bytes])).toEqual([
      ['unsupported', 'needs /dev/udmabuf', 8192],
      ['unsupported', 'needs /dev/udmabuf', 4096],
    ])
    expect(target.loads.every(load => load.scheme === 'memfd-buffered')).toBe(true)
    expect(started).toMatchObject({ samplesPlanned: 2 + 6 })
  })

  it('asks a kernel that refuses a scheme once per size', async () => {
    const { samples, target } = await bench({
      script: {
        onLoad: load =>
          load.scheme === 'memfd-mmap-copy' ? { status: 'unsupported', reason: 'EINVAL' } : {},
      },
    })
    const refused = samples.filter(sample => sample.scheme === 'memfd-mmap-copy')
    expect(refused.map(sampleKey)).toEqual(['memfd-mmap-copy/4096/r0', 'memfd-mmap-copy/8192/r0'])
    expect(target.loads.filter(load => load.scheme === 'memfd-mmap-copy')).toHaveLength(2)
  })

  it('says once that a kernel refuses a scheme, in a resumed run too', async () => {
    const onLoad = () => ({ status: 'unsupported' as const, reason: 'EINVAL' })
    const first = await bench({ script: { onLoad } })
    const { samples } = await bench({ script: { onLoad }, doneKeys: first.samples.map(sampleKey) })
    expect(first.samples).toHaveLength(4)
    expect(samples).toEqual([])
  })

  it('measures only what a resumed run does not have', async () => {
    const first = await bench({})
    const doneKeys = first.samples.slice(0, 5).map(sampleKey)
    const { samples, started, progress } = await bench({ doneKeys })
    expect(samples.map(sampleKey)).toEqual(first.samples.slice(5).map(sampleKey))
    expect(started).toMatchObject({ samplesPlanned: 12 })
    expect(progress.find(step => step.stage === 'measuring')).toMatchObject({ done: 5, total: 12 })
  })

  it('keeps a failed load as a sample and goes on', async () => {
    const { ended, samples } = await bench({
      script: {
        onLoad: (_, count) => {
          if (count === 3) throw new LabFailure({ kind: 'agent-failed', message: 'SIGSEGV', hint: '' })
          return count === 4
            ? { status: 'failed', reason: 'wrong byte', totalNs: null, throughput: null }
            : {}
        },
      },
    })
    expect(ended).toMatchObject({ status: 'finished' })
    expect(samples).toHaveLength(12)
    expect(samples[2]).toMatchObject({ status: 'failed', reason: 'SIGSEGV', totalNs: null })
    expect(samples[3]).toMatchObject({ status: 'failed', reason: 'wrong byte', ofCeiling: null })
  })

  it('ends with the failure when the target is lost, and keeps what was measured', async () => {
    const lost = new LabFailure({ kind: 'target-lost', message: 'unplugged', hint: '' })
    const { ended, samples, target } = await bench({
      plan: { pressureBytes: MiB },
      script: {
        onLoad: (_, count) => {
          if (count === 4) throw lost
          return {}
        },
      },
    })
    expect(ended).toBe(lost)
    expect(samples).toHaveLength(3)
    expect(target.log.at(-1)).toBe('pressure stops')
  })

  it('keeps the load in flight as cancelled, and does not wait for its end', async () => {
    const { ended, samples } = await bench({ script: { loadMs: 60 * 60_000 }, cancelAfterMs: 50 })
    expect(ended).toEqual({ type: 'ended', status: 'cancelled', capabilitiesAfter: null })
    expect(samples.map(sample => sample.status)).toEqual(['cancelled'])
  })

  it('holds the pressure from before the first load until after the last', async () => {
    const { target } = await bench({ plan: { pressureBytes: MiB } })
    expect(target.log.slice(-3)).toEqual([`pressure ${MiB}`, 'pressure stops', 'probe /scripted/file'])
  })

  it('loads the whole of the user’s file where no size is named', async () => {
    const { samples } = await bench({
      plan: { file: '/data/model', sizesBytes: [] },
      script: { fileBytes: 4097 },
    })
    expect(new Set(samples.map(sample => sample.bytes))).toEqual(new Set([4097]))
  })

  it('refuses a chosen gather larger than the user’s file, and cuts the default to it', async () => {
    const load = (gatherBytes?: number) =>
      bench({
        plan: { schemes: ['memfd-gather-buffered'], file: '/data/model', sizesBytes: [], gatherBytes },
        script: { fileBytes: MiB },
      })
    const { ended, target } = await load(16 * MiB)
    expect(ended).toMatchObject({
      kind: 'bad-plan',
      message: expect.stringContaining('larger than the file of 1MiB'),
    })
    expect(target.loads).toHaveLength(0)
    expect((await load()).ended).toMatchObject({ status: 'finished' })
  })

  it('refuses sizes larger than the user’s file, with both numbers', async () => {
    const { ended, target } = await bench({ plan: { file: '/data/model' }, script: { fileBytes: 5000 } })
    expect(ended).toMatchObject({ kind: 'bad-plan', message: expect.stringMatching(/8192.*5000/) })
    expect(target.loads).toHaveLength(0)
  })

  it.each([
    [{ processors: '2' }, 'the target offers 0-1'],
    [{ clockKhz: 1_000_000 }, 'only root may'],
  ])('refuses %j before preparing anything, with what the target offers', async (asked, why) => {
    const clocks = [{ processors: '0-1', leastKhz: 300_000, mostKhz: 1_800_000, capKhz: 1_800_000 }]
    const processors = { usable: '0-1', clocks, canCapClock: false }
    const { ended, target } = await bench({ plan: asked, script: { environments: [{ processors }] } })
    expect(ended).toMatchObject({ kind: 'bad-plan', message: expect.stringContaining(why) })
    expect(target.log).toEqual(['probe'])
  })

  it('refuses what does not fit the memory before preparing anything, with both numbers', async () => {
    const { ended, target } = await bench({
      plan: { pressureBytes: MiB },
      script: { environments: [{ memoryAvailableBytes: MiB }] },
    })
    expect(ended).toMatchObject({ kind: 'no-memory', message: expect.stringMatching(/1056768.*1048576/) })
    expect(target.log).toEqual(['probe'])
  })

  it.each([
    ['the control group', { memoryBytes: 4096, memoryLeftBytes: 4095 }, /8192.*4095.*4096/],
    ['a ulimit on the address space', { addressSpaceBytes: 8000 }, /8192.*8000/],
    ['a ulimit on files', { fileBytes: 8000 }, /8192.*8000/],
  ])('refuses what does not fit the limit of %s, with both numbers', async (_, bound, numbers) => {
    const { ended, target } = await bench({
      script: { environments: [{ limits: { ...unlimited, ...bound } }] },
    })
    expect(ended).toMatchObject({ kind: 'no-memory', message: expect.stringMatching(numbers) })
    expect(target.log).toEqual(['probe'])
  })

  it('refuses more gathers than a sample can hold, with both sizes', async () => {
    const plan: Partial<PlanInput> = {
      schemes: ['memfd-gather-direct'],
      sizesBytes: [1024 * MiB],
      gatherBytes: 4096,
    }
    const script = { environments: [{ memoryAvailableBytes: 4096 * MiB }] }
    const { ended, target } = await bench({ plan, script })
    expect(ended).toMatchObject({
      kind: 'bad-plan',
      message: expect.stringMatching(/1073741824.*4096.*262144/),
    })
    expect(target.loads).toHaveLength(0)
  })

  it('waits until every thermal zone is below the limit', async () => {
    const zone = (milliCelsius: number) => ({ thermalZones: [{ name: 'cpu', milliCelsius }] })
    const { progress, samples } = await bench({
      plan: { coolBelowMilliCelsius: 50_000 },
      script: { environments: [zone(40_000), zone(40_000), zone(61_500), zone(45_000)] },
    })
    expect(progress.find(step => step.stage === 'cooling')?.text).toBe('Cooling down: 61.5 °C.')
    expect(samples).toHaveLength(12)
  })

  it('says how long it will take once something was measured', async () => {
    const { progress } = await bench({ script: { loadMs: 5 } })
    const measuring = progress.filter(step => step.stage === 'measuring')
    expect(measuring[0]).toMatchObject({ remainingNs: null, text: expect.stringContaining('warm-up 1 of 1') })
    expect(measuring[3]?.remainingNs).toBeGreaterThan(8 * 5e6)
    expect(measuring.at(-1)).toMatchObject({ done: 12, total: 12, remainingNs: 0 })
  })
})
