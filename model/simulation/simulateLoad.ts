import { fail } from '../../contract/error.ts'
import type { ParameterValues } from '../../contract/profile.ts'
import type { Phase, Span } from '../../contract/sample.ts'
import { type SchemeId, schemeOf } from '../../contract/schemes.ts'
import { costsFor, pagesOf } from './machine/costs.ts'
import { Device } from './machine/device.ts'
import { type Noise, noNoise } from './machine/noise.ts'
import { maxSpans, type SpanRecorder } from './machine/spanRecorder.ts'
import { schemeProcess } from './schemes/catalogue.ts'
import { callerLane, cpu, type LoadShape } from './schemes/load.ts'

/** The times of a sample, as the agent gives them: `null` where the scheme has no such phase. */
export type SimulatedTimes = {
  readonly totalNs: number
  readonly openNs: number | null
  readonly allocNs: number | null
  readonly mapNs: number | null
  readonly createNs: number | null
  /** Time in which at least one reader reads or copies. */
  readonly readNs: number | null
  readonly closeNs: number | null
  readonly firstGatherNs: number | null
  readonly remainingAllocNs: number | null
}

export type SimulatedLoad = {
  readonly times: SimulatedTimes
  readonly spans: readonly Span[]
  /** Intervals beyond what a sample keeps. */
  readonly spansLeftOut: number
}

export type LoadConditions = {
  readonly pressureBytes: number
  readonly noise: Noise
  /** Spans to keep; 0 where only the times are wanted, which come to the same. */
  readonly mostSpans?: number
}
export const quietConditions: LoadConditions = { pressureBytes: 0, noise: noNoise }

/**
 * Runs one load on the virtual clock. The same input gives the same times and spans, to the nanosecond.
 * @throws LabFailure `bad-input` for a load of more steps or time than the clock counts.
 */
export function simulateLoad(
  values: ParameterValues,
  scheme: SchemeId,
  load: LoadShape,
  conditions: LoadConditions = quietConditions,
): SimulatedLoad {
  const costs = costsFor(values, load.bytes, conditions.noise)
  const device = new Device(costs, conditions.pressureBytes, conditions.mostSpans ?? maxSpans)
  device.clock.start(schemeProcess(scheme)(device, load))
  device.clock.run()
  const totalNs = device.clock.nowNs
  const work = { lane: callerLane, phase: 'close', bytes: 0, gather: null } as const
  device.clock.start(device.span(work, cpu(device, closeNs(device, scheme, load))))
  device.clock.run()
  if (!Number.isSafeInteger(device.clock.nowNs)) {
    fail(
      'bad-input',
      'this load takes more than 2^53 ns, which is 104 days',
      'Choose smaller costs or a smaller file.',
    )
  }
  const { spans, leftOut } = device.recorder
  return { times: timesOf(device.recorder, totalNs), spans, spansLeftOut: leftOut }
}

function timesOf(recorder: SpanRecorder, totalNs: number): SimulatedTimes {
  const busyNs = (phase: Phase) => recorder.busyNs(phase)
  const allocNs = busyNs('alloc')
  const { firstGatherNs } = recorder
  return {
    totalNs,
    openNs: busyNs('open'),
    allocNs,
    mapNs: busyNs('map'),
    createNs: busyNs('create'),
    readNs: busyNs('read') ?? busyNs('copy'),
    closeNs: busyNs('close'),
    firstGatherNs,
    remainingAllocNs: allocNs === null || firstGatherNs === null ? null : allocNs - firstGatherNs,
  }
}

function closeNs(device: Device, scheme: SchemeId, load: LoadShape): number {
  const { heapClosePageNs, shmemClosePageNs } = device.costs
  const pageNs = schemeOf(scheme).buffer === 'dma-heap' ? heapClosePageNs : shmemClosePageNs
  return pagesOf(load.bytes) * pageNs
}
