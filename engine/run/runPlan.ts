import type { EngineEvent } from '../../contract/engine.ts'
import { reasonOf, toLabError } from '../../contract/error.ts'
import { gatherOf, type Plan } from '../../contract/plan.ts'
import type { Progress } from '../../contract/run.ts'
import { type Sample, type Span, sampleKey } from '../../contract/sample.ts'
import { formatSize } from '../../contract/size.ts'
import { type Capabilities, whyNot } from '../../contract/target.ts'
import type { Load, Pressure, Target } from '../targets/target.ts'
import { claimed, shortRunMs } from './claimed.ts'
import { waitUntilCool } from './cooling.ts'
import { EqualFailures } from './equalFailures.ts'
import { type Measurement, orderMeasurements } from './order.ts'
import { groupOf, LoadsLeft, RemainingTime } from './remainingTime.ts'
import { type SetUp, setUp } from './setUp.ts'
import { concernsOneLoad, unmeasuredSample } from './unmeasured.ts'

export type EndedEvent = Extract<EngineEvent, { type: 'ended' }>
export type Report = (event: EngineEvent) => void

export type BenchJob = {
  readonly plan: Plan
  /** `sampleKey`s that an earlier part of this run has already. */
  readonly doneKeys: ReadonlySet<string>
}

/**
 * Runs a plan on a target and reports `started`, `progress` and `sample` events.
 * Resolves with how it ended; an aborted signal ends it as `cancelled`, with the load in flight as its last sample.
 * @throws LabFailure for whatever makes the rest of the plan pointless.
 */
export async function runBench(
  target: Target,
  job: BenchJob,
  report: Report,
  signal: AbortSignal,
): Promise<EndedEvent> {
  try {
    const stage = stageReporter(report)
    const wait = { patienceMs: shortRunMs, tell: (what: string) => stage('probing', what) }
    return await claimed(target, wait, signal, async () => {
      const ready = await setUp(target, job.plan, stage, signal)
      const capabilitiesAfter = await new Bench(target, job, ready, report, signal).run()
      return { type: 'ended', status: 'finished', capabilitiesAfter }
    })
  } catch (thrown) {
    if (!signal.aborted) throw thrown
    return { type: 'ended', status: 'cancelled', capabilitiesAfter: null }
  }
}

function stageReporter(report: Report) {
  return (stage: Progress['stage'], text: string) =>
    report({ type: 'progress', progress: { stage, done: 0, total: 0, remainingNs: null, text } })
}

/** Ends the run, unlike what concerns one load alone. */
class PressureLost extends Error {
  constructor(cause: unknown) {
    super('the memory pressure ended', { cause })
  }
}

/** One run after its set-up. */
class Bench {
  readonly #target: Target
  readonly #plan: Plan
  readonly #doneKeys: ReadonlySet<string>
  readonly #ready: SetUp
  readonly #report: Report
  readonly #signal: AbortSignal
  readonly #measurements: readonly Measurement[]
  readonly #gatherBytes: number
  readonly #unsupported: readonly Sample[]
  readonly #remaining = new RemainingTime()
  readonly #left: LoadsLeft
  readonly #failures = new EqualFailures()
  /** Measurements that are over: measured, given up, refused, or done before. */
  #passed = 0
  #pressure: Pressure | null = null
  /** Schemes, sizes and settings that the kernel refused in this run. */
  readonly #refused = new Set<string>()

  constructor(
    target: Target,
    { plan, doneKeys }: BenchJob,
    ready: SetUp,
    report: Report,
    signal: AbortSignal,
  ) {
    this.#target = target
    this.#plan = plan
    this.#doneKeys = doneKeys
    this.#ready = ready
    this.#report = report
    this.#signal = signal
    const { capabilities, sizesBytes } = ready
    const schemes = plan.schemes.filter(scheme => whyNot(capabilities, scheme) === null)
    this.#measurements = orderMeasurements({ ...plan, schemes, sizesBytes: [...sizesBytes] })
    this.#gatherBytes = gatherOf(plan, Math.max(...sizesBytes))
    this.#left = new LoadsLeft(this.#measurements.filter(next => !doneKeys.has(sampleKey(next))))
    this.#unsupported = unsupportedSamples(plan, capabilities, sizesBytes)
  }

  /** Returns the target probed again, for what changed during the run; `null` where it cannot be any more. */
  async run(): Promise<Capabilities | null> {
    const { capabilities, ceiling, identity } = this.#ready
    this.#report({ type: 'started', capabilities, ceiling, identity, samplesPlanned: this.#planned })
    for (const sample of this.#unsupported) this.#emitUnsupported(sample)
    await this.#underPressure(() => this.#measureAll())
    return this.#probeAgain()
  }

  /** Every sample is measured by now, so a target lost here loses nothing. */
  async #probeAgain(): Promise<Capabilities | null> {
    try {
      return await this.#target.probe(this.#ready.scope, this.#signal)
    } catch {
      return null
    }
  }

  get #planned(): number {
    return this.#unsupported.length + this.#measurements.length
  }

  async #underPressure(work: () => Promise<void>): Promise<void> {
    if (this.#plan.pressureBytes === 0) return work()
    const pressure = await this.#target.startPressure(this.#plan.pressureBytes, this.#signal)
    this.#pressure = pressure
    try {
      await work()
    } catch (thrown) {
      // What ended the run says more than what became of the pressure.
      await pressure.stop().catch(() => {})
      throw thrown
    }
    await pressure.stop()
  }

  async #measureAll(): Promise<void> {
    const givenUp: Measurement[] = []
    let waiting = this.#measurements
    while (waiting.length > 0) {
      const putOff = await this.#measureEach(waiting, givenUp)
      if (putOff.length === waiting.length) this.#failures.stop()
      waiting = putOff
    }
    this.#failures.checkGivenUp(givenUp)
    this.#progress('measuring', 'Measured.')
  }

  /** @returns those that are put off until a load of another kind of buffer has gone well. */
  async #measureEach(waiting: readonly Measurement[], givenUp: Measurement[]): Promise<Measurement[]> {
    const putOff: Measurement[] = []
    for (const measurement of waiting) {
      const isOver = this.#doneKeys.has(sampleKey(measurement)) || this.#refused.has(groupOf(measurement))
      const isGivenUp = !isOver && this.#failures.isGivenUp(measurement)
      if (!isOver && !isGivenUp && this.#failures.isPutOff(measurement)) {
        putOff.push(measurement)
        continue
      }
      if (isGivenUp) givenUp.push(measurement)
      else if (!isOver) await this.#measureNext(measurement)
      if (!isOver) this.#left.remove(measurement)
      this.#passed += 1
    }
    return putOff
  }

  async #measureNext(measurement: Measurement): Promise<void> {
    await this.#coolDown()
    this.#progress('measuring', wordsFor(measurement, this.#plan))
    await this.#measureOne(measurement)
  }

  async #measureOne(measurement: Measurement): Promise<void> {
    const startedAt = process.hrtime.bigint()
    try {
      const load = this.#loadOf(measurement)
      const { sample, spans } = await this.#target.measure(load, this.#signal)
      await this.#confirmPressure(measurement)
      if (sample.status === 'unsupported') return this.#refuse(measurement, sample.reason)
      if (sample.status === 'failed') this.#failures.add(measurement, sample.reason)
      else this.#failures.clear(measurement)
      const ofCeiling = this.#ofCeiling(sample.throughput)
      this.#emit({ ...sample, ...measurement, setting: measurement.setting ?? null, ofCeiling }, spans)
      this.#remaining.add(measurement.scheme, measurement.bytes, Number(process.hrtime.bigint() - startedAt))
    } catch (thrown) {
      const error = toLabError(thrown)
      if (this.#signal.aborted) this.#emit(this.#without(measurement, 'cancelled', 'cancelled in flight'), [])
      if (thrown instanceof PressureLost) throw thrown.cause
      if (this.#signal.aborted || !concernsOneLoad(error)) throw thrown
      if (error.kind === 'unsupported') return this.#refuse(measurement, error.message)
      this.#failures.add(measurement, error.message)
      this.#emit(this.#without(measurement, 'failed', error.message), [])
    }
  }

  /** The plan's options, or those of the setting that is tried. */
  #loadOf(measurement: Measurement): Load {
    const { tuning } = this.#plan
    const tried = tuning?.[measurement.setting ?? -1]
    const own = { gatherBytes: this.#gatherBytes, populators: null }
    return { ...this.#plan, ...measurement, ...(tried ?? own), file: this.#ready.file }
  }

  /** A load that was not under the promised pressure to its end is not what was asked for, however well it went. */
  async #confirmPressure(measurement: Measurement): Promise<void> {
    try {
      await this.#pressure?.confirm(this.#signal)
    } catch (thrown) {
      if (!this.#signal.aborted) this.#emit(this.#without(measurement, 'failed', reasonOf(thrown)), [])
      throw new PressureLost(thrown)
    }
  }

  async #coolDown(): Promise<void> {
    const belowMilliCelsius = this.#plan.coolBelowMilliCelsius
    if (belowMilliCelsius === null) return
    const look = async () => (await this.#target.probe(this.#ready.scope, this.#signal)).environment
    const onWait = (milliCelsius: number) =>
      this.#progress('cooling', `Cooling down: ${(milliCelsius / 1000).toFixed(1)} °C.`)
    await waitUntilCool({ belowMilliCelsius, look, onWait }, this.#signal)
  }

  /** What the kernel refuses once it is not asked again at that size; one sample says so. */
  #refuse(measurement: Measurement, reason: string): void {
    this.#refused.add(groupOf(measurement))
    // Of a tuning one setting is refused; the others of its scheme and size are measured all the same.
    if (this.#plan.tuning === null) this.#left.removeGroup(measurement)
    const first = { ...measurement, repeat: 0, warmup: false }
    this.#emitUnsupported(this.#without(first, 'unsupported', reason))
  }

  /** Unless an earlier part of this run has said so. */
  #emitUnsupported(sample: Sample): void {
    if (!this.#doneKeys.has(sampleKey(sample))) this.#emit(sample, [])
  }

  #without(measurement: Measurement, status: 'failed' | 'unsupported' | 'cancelled', reason: string): Sample {
    return unmeasuredSample(measurement, status, reason, this.#ready.capabilities.simulated)
  }

  #ofCeiling(throughput: number | null): number | null {
    const { ceiling } = this.#ready
    return ceiling === null || throughput === null ? null : throughput / ceiling.bytesPerSecond
  }

  #emit(sample: Sample, spans: readonly Span[]): void {
    this.#report({ type: 'sample', sample, spans: [...spans] })
  }

  #progress(stage: Progress['stage'], text: string): void {
    const done = this.#unsupported.length + this.#passed
    const remainingNs = this.#remaining.estimateNs(this.#left)
    this.#report({ type: 'progress', progress: { stage, done, total: this.#planned, remainingNs, text } })
  }
}

function wordsFor({ scheme, bytes, repeat, warmup, setting }: Measurement, plan: Plan): string {
  const round = warmup
    ? `warm-up ${repeat + 1} of ${plan.warmups}`
    : `repeat ${repeat + 1} of ${plan.repeats}`
  const tried = plan.tuning === null ? '' : `, setting ${(setting ?? 0) + 1} of ${plan.tuning.length}`
  return `${scheme} at ${formatSize(bytes)}${tried}, ${round}`
}

/** One sample per size for every scheme that the target cannot run: nothing is skipped silently. */
function unsupportedSamples(plan: Plan, capabilities: Capabilities, sizesBytes: readonly number[]): Sample[] {
  return plan.schemes.flatMap(scheme => {
    const why = whyNot(capabilities, scheme)
    if (why === null) return []
    return sizesBytes.map(bytes =>
      unmeasuredSample(
        { scheme, bytes, repeat: 0, warmup: false, setting: plan.tuning === null ? null : 0 },
        'unsupported',
        why,
        capabilities.simulated,
      ),
    )
  })
}
