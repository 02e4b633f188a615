import { fail } from '../contract/error.ts'
import type { GatherRequest, GatherSweep, Prediction, PredictionRequest } from '../contract/model.ts'
import { gatherOf, gatherProblem } from '../contract/plan.ts'
import { type ParameterValues, type Profile, valuesOf, withCheckedValues } from '../contract/profile.ts'
import { type SchemeId, schemeOf } from '../contract/schemes.ts'
import { MiB } from '../contract/size.ts'
import { overlappedBoundNs, overlapWon, serialSumNs } from '../findings/formulas.ts'
import { pageBytes, pagesOf } from './simulation/machine/costs.ts'
import { noNoise } from './simulation/machine/noise.ts'
import type { LoadShape } from './simulation/schemes/load.ts'
import { checkLoadShape, checkMemory, memoryProblemOf, refusalOf } from './simulation/simulatedSample.ts'
import { simulateLoad } from './simulation/simulateLoad.ts'

/** How far from the best a gather size may be and still count as good. */
const flatWithin = 0.02
/** A sweep starts where a batch's own cost shows, and has at most so many gathers in a load. */
const mostGathersOfSweep = 1024
const smallestSweptBytes = 4 * MiB
/** Within a doubling the sweep steps once more, half as much again, where that costs few gathers. */
const mostGathersOfHalfStep = 128

/**
 * What the profile says of every scheme at every size, without its noise.
 * @throws LabFailure `bad-input` for a gather larger than every file.
 */
export function predict(profile: Profile, request: PredictionRequest): Prediction[] {
  const largest = Math.max(...request.sizesBytes)
  const gatherBytes = gatherOf(request, largest)
  const problem = gatherProblem({ schemes: request.schemes, gatherBytes }, largest)
  if (problem !== null) fail('bad-input', problem, 'Choose a gather of at most the largest file.')
  const asked = withCheckedValues(profile, request.whatIf)
  const device = { profile: asked, values: valuesOf(asked) }
  return request.schemes.flatMap(scheme =>
    request.sizesBytes.map(bytes => predictOne(device, scheme, bytes, { ...request, gatherBytes })),
  )
}

type PredictedDevice = { readonly profile: Profile; readonly values: ParameterValues }

function predictOne(
  { profile, values }: PredictedDevice,
  scheme: SchemeId,
  bytes: number,
  request: PredictionRequest & { readonly gatherBytes: number },
): Prediction {
  const load = {
    bytes,
    gatherBytes: request.gatherBytes,
    readers: request.readers,
    hugePages: false,
  }
  checkLoadShape(load)
  const reason =
    memoryProblemOf(profile, bytes, request.pressureBytes) ?? refusalOf(profile, schemeOf(scheme), bytes)
  if (reason !== null) return { scheme, bytes, reason, ...noTimes }
  const times = quietTimes(values, scheme, load, request.pressureBytes)
  const serialNs = serialSumNs(times)
  const won = schemeOf(scheme).overlap === 'serial' ? null : overlapWon(times)
  const unbatchedNs = unbatchedSerialSumNs(values, scheme, load, request.pressureBytes)
  return {
    scheme,
    bytes,
    reason: '',
    totalNs: times.totalNs,
    allocNs: times.allocNs,
    readNs: times.readNs,
    serialSumNs: serialNs,
    overlappedBoundNs: overlappedBoundNs(times),
    overlapWon: won,
    batchingGainNs: serialNs === null || unbatchedNs === null ? null : unbatchedNs - serialNs,
    overlapGainNs: won === null || serialNs === null ? null : serialNs - times.totalNs,
  }
}

const noTimes = {
  totalNs: null,
  allocNs: null,
  readNs: null,
  serialSumNs: null,
  overlappedBoundNs: null,
  overlapWon: null,
  batchingGainNs: null,
  overlapGainNs: null,
} as const

function quietTimes(values: ParameterValues, scheme: SchemeId, load: LoadShape, pressureBytes: number) {
  return simulateLoad(values, scheme, load, { pressureBytes, noise: noNoise, mostSpans: 0 }).times
}

/** The serial sum of the same load with one gather for the whole file; `null` for schemes without gathers. */
function unbatchedSerialSumNs(
  values: ParameterValues,
  scheme: SchemeId,
  load: LoadShape,
  pressureBytes: number,
): number | null {
  if (schemeOf(scheme).overlap !== 'gather') return null
  return serialSumNs(quietTimes(values, scheme, { ...load, gatherBytes: load.bytes }, pressureBytes))
}

/**
 * Total time by gather size, the best of them, and the flat region around it.
 * @throws LabFailure `bad-input` for a scheme without gathers, `no-memory` for a file that does not fit the device.
 */
export function sweepGather(profile: Profile, request: GatherRequest): GatherSweep {
  const { scheme, bytes, readers, pressureBytes } = request
  if (schemeOf(scheme).overlap !== 'gather') {
    fail('bad-input', `${scheme} has no gathers`, 'Choose a scheme that overlaps gather by gather.')
  }
  const asked = withCheckedValues(profile, request.whatIf)
  checkMemory(asked, bytes, pressureBytes)
  const values = valuesOf(asked)
  const points = sweptGathers(bytes).map(gatherBytes => {
    const load = { bytes, gatherBytes, readers, hugePages: false }
    checkLoadShape(load)
    return { gatherBytes, totalNs: quietTimes(values, scheme, load, pressureBytes).totalNs }
  })
  return { points, ...flatRegion(points) }
}

/** Gather sizes from small to the whole file, two for most doublings, in whole pages. */
export function sweptGathers(bytes: number): number[] {
  const gathers: number[] = []
  const pagesForMost = bytes / mostGathersOfSweep / pageBytes
  const smallest = Math.max(smallestSweptBytes, 2 ** Math.ceil(Math.log2(pagesForMost)) * pageBytes)
  for (let doubled = smallest; doubled < bytes; doubled *= 2) {
    gathers.push(doubled)
    const halfStep = doubled * 1.5
    if (halfStep < bytes && bytes / halfStep <= mostGathersOfHalfStep) gathers.push(halfStep)
  }
  return [...gathers, pagesOf(bytes) * pageBytes]
}

type SweepPoint = GatherSweep['points'][number]

/** The best point, and its neighbours on both sides for as long as they are within 2 % of it. */
export function flatRegion(points: readonly SweepPoint[]): Omit<GatherSweep, 'points'> {
  const best = points.reduce((least, point) => (point.totalNs < least.totalNs ? point : least))
  const isFlat = (point: SweepPoint | undefined): point is SweepPoint =>
    point !== undefined && point.totalNs <= best.totalNs * (1 + flatWithin)
  let from = best
  let to = best
  for (let at = points.indexOf(best) - 1; ; at--) {
    const point = points[at]
    if (!isFlat(point)) break
    from = point
  }
  for (let at = points.indexOf(best) + 1; ; at++) {
    const point = points[at]
    if (!isFlat(point)) break
    to = point
  }
  return {
    bestBytes: best.gatherBytes,
    bestNs: best.totalNs,
    flatFromBytes: from.gatherBytes,
    flatToBytes: to.gatherBytes,
  }
}
