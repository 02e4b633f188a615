import { fail } from '../contract/error.ts'
import type { Calibration } from '../contract/model.ts'
import { gatherOf } from '../contract/plan.ts'
import {
  mapParameters,
  type ParameterId,
  type ParameterValues,
  type Profile,
  parameterSpecs,
  profileSchema,
  valuesOf,
  withValues,
} from '../contract/profile.ts'
import type { Run, RunDetail } from '../contract/run.ts'
import type { Mark, StoredSample } from '../contract/sample.ts'
import { type SchemeId, schemeOf } from '../contract/schemes.ts'
import { formatSize, MiB } from '../contract/size.ts'
import { type Cell, cellsOf, medianOf, sizesOf } from '../findings/cells.ts'
import { summarize } from '../findings/statistics/summary.ts'
import { countText, percentText } from '../findings/words/figureText.ts'
import { type Bounds, fitLeastSquares } from './leastSquares.ts'
import { searchParameters } from './parameterSearch.ts'
import { pageBytes, pagesOf } from './simulation/machine/costs.ts'
import { noNoise } from './simulation/machine/noise.ts'
import { type SimulatedTimes, simulateLoad } from './simulation/simulateLoad.ts'

/** Two sizes tell a fixed cost from a cost per byte; the third is what the fit is tested on. */
const fewestSizes = 3

/** Costs that a measured load can speak about. Calibration factors of one phone are not among them. */
const candidates: readonly ParameterId[] = [
  'storageBytesPerSecond',
  'storageLatencyNs',
  'segmentNs',
  'directSubmitNs',
  'pageCacheInsertPageNs',
  'mappedFaultPageNs',
  'openNs',
  'separateMapNs',
  'heapZeroPageNs',
  'vmapPageNs',
  'shmemPageNs',
  'sharedFaultSlowdown',
  'udmabufSetupNs',
  'pinPageNs',
  'copyToHeapPageNs',
  'copyToShmemPageNs',
  'heapFaultPageNs',
  'sendfileSetupNs',
  'pipeRoundNs',
  'readerWakeNs',
]

/**
 * Four times the file counts 2.3 times as much: it says more about the costs per byte, suffers less from a moment's
 * disturbance, and is nearer to the sizes that a profile is asked about.
 */
function sizeWeight(bytes: number): number {
  return (bytes / MiB) ** 0.6
}

/** How much a lane's time counts beside a total of weight 1. */
const laneWeight = 0.5

/** Above so much of mean error a calibration is not passed off as one: its title, its notes and its answer say so. */
export const poorAbove = 0.25

/**
 * Fits a profile to a measured run and says how well fits without one size predict that size.
 * @param base holds what the run says nothing about; its calibration factors should be off.
 * @throws LabFailure `bad-input` for a simulated run, one of fewer than three sizes, or one with samples that do not
 * show what their scheme costs.
 */
export function calibrate(base: Profile, { run, samples }: RunDetail, name: string): Calibration {
  refuseUnfit(run, samples)
  const cells = cellsOf(samples)
  const sizes = sizesOf(cells)
  if (sizes.length < fewestSizes) {
    fail(
      'bad-input',
      `run ${run.id} has ${countText(sizes.length, 'size')} with a good sample; a calibration needs ${fewestSizes}`,
      'Measure the schemes at three sizes or more, for example 8MiB, 64MiB and 256MiB.',
    )
  }
  const machine = pinningByBio(base)
  const start = { ...startValues(machine, run), ...sharedMemory(cells), ...scatteredMemory(cells) }
  const conditions = conditionsOf(run, Math.max(...cells.map(cell => cell.bytes)))
  const bounds = boundsOf(run)
  const fitted = (kept: readonly Cell[]) => fitCells({ start, bounds, cells: kept, conditions })
  const final = fitted(cells)
  const leftOut = sizes.map(bytes => {
    const values = fitted(cells.filter(cell => cell.bytes !== bytes)).values
    const out = cells.filter(cell => cell.bytes === bytes).map(cell => compare(cell, values, conditions))
    return {
      bytes,
      cells: out,
      meanError: meanErrorOf(out),
      worstError: Math.max(...out.map(cell => Math.abs(cell.error))),
    }
  })
  const fit = cells.map(cell => compare(cell, final.values, conditions))
  const errors = { fit: meanErrorOf(fit), leftOut: meanErrorOf(leftOut.flatMap(size => size.cells)) }
  return {
    profile: profileOf(machine, run, name, final, errors),
    cells: fit,
    leftOut,
    warning: warningOf(errors),
  }
}

type ComparedCell = Calibration['cells'][number]

function meanErrorOf(cells: readonly ComparedCell[]): number {
  return cells.reduce((sum, cell) => sum + Math.abs(cell.error), 0) / cells.length
}

/** Mean errors: of the fit on what it was fitted to, and of fits on the size that each was not shown. */
type Errors = { readonly fit: number; readonly leftOut: number }

/** What must be said of a poor fit, or empty. */
function warningOf({ fit, leftOut }: Errors): string {
  if (Math.max(fit, leftOut) <= poorAbove) return ''
  return `Poor: off by ${percentText(fit)} on average on the run itself, by ${percentText(leftOut)} on sizes left out; ${percentText(poorAbove)} is the bound. Do not predict with it: measure again on a quiet machine, with more repeats.`
}

/** Marks of a sample whose time is not its scheme's. What a kernel module offers has costs of its own, but is a load. */
const unfitMarks: ReadonlySet<Mark> = new Set([
  'warm',
  'fell back to buffered',
  'path not proved',
  'throttled',
])

/** @throws LabFailure `bad-input` that counts and names the samples which say something else than a load costs. */
function refuseUnfit(run: Run, samples: readonly StoredSample[]): void {
  if (run.capabilities?.simulated === true) {
    fail('bad-input', `run ${run.id} is simulated`, 'Calibrate on a measured run.')
  }
  const unfit = Map.groupBy(
    samples.flatMap(sample => whyUnfit(sample).map(why => ({ sample, why }))),
    ({ why }) => why,
  )
  if (unfit.size === 0) return
  const kinds = [...unfit].map(([why, found]) => {
    const first = found[0]?.sample
    const where =
      first === undefined
        ? ''
        : ` (${first.scheme} at ${formatSize(first.bytes)}${found.length > 1 ? ', …' : ''})`
    return `${countText(found.length, 'sample')} ${why}${where}`
  })
  fail(
    'bad-input',
    `run ${run.id} is no ground for a calibration: ${kinds.join('; ')}`,
    'Measure again so that every sample is cold, proved and good, or without the schemes named.',
  )
}

function whyUnfit({ warmup, status, simulated, cold, direct, scheme, marks }: StoredSample): string[] {
  if (warmup || status === 'unsupported' || status === 'cancelled') return []
  if (simulated) return ['simulated']
  if (status === 'failed') return ['failed']
  const told = marks.filter(mark => unfitMarks.has(mark)).map(mark => `marked "${mark}"`)
  if (told.length > 0) return told
  if (!cold) return ['not proved cold']
  return schemeOf(scheme).ioMode === 'direct' && !direct ? ['not proved direct'] : []
}

type Conditions = {
  readonly gatherBytes: number
  readonly readers: number
  readonly hugePages: boolean
  readonly pressureBytes: number
}

function conditionsOf({ plan }: Run, largestBytes: number): Conditions {
  const { readers, hugePages, pressureBytes } = plan
  return { gatherBytes: gatherOf(plan, largestBytes), readers, hugePages, pressureBytes }
}

/** A measured kernel is known to read while it pins; that it does not is what the published phone alone shows. */
function pinningByBio(base: Profile): Profile {
  const pinBatchBytes = {
    ...base.parameters.pinBatchBytes,
    value: MiB,
    source:
      'one bio of 256 pages (BIO_MAX_VECS, include/linux/bio.h) goes to the storage as soon as it is full',
  }
  return { ...base, parameters: { ...base.parameters, pinBatchBytes } }
}

/** The base as this machine: its cores, its memory, and the ceiling as a first guess of the storage. */
function startValues(base: Profile, run: Run): ParameterValues {
  const environment = run.capabilities?.environment
  return {
    ...valuesOf(base),
    ...(run.ceiling === null ? {} : { storageBytesPerSecond: run.ceiling.bytesPerSecond }),
    ...(environment === undefined
      ? {}
      : {
          cores: inRange('cores', environment.cpuCount),
          memoryTotalBytes: inRange('memoryTotalBytes', environment.memoryTotalBytes),
          memoryFreeBytes: inRange('memoryFreeBytes', environment.memoryAvailableBytes),
        }),
  }
}

function inRange(id: ParameterId, value: number): number {
  const { atLeast, atMost } = parameterSpecs[id]
  return Math.min(atMost, Math.max(atLeast, value))
}

/**
 * The ceiling is the storage's best, measured on the same file. A fit that is free to choose has made it ten times as
 * fast, where every load waits for something else.
 */
const aroundCeiling = 1.5

function boundsOf({ ceiling }: Run): Bounds {
  if (ceiling === null) return {}
  const { bytesPerSecond } = ceiling
  return {
    storageBytesPerSecond: { min: bytesPerSecond / aroundCeiling, max: bytesPerSecond * aroundCeiling },
  }
}

/** What a page of shared memory takes can be read off the loads that do nothing else meanwhile. */
function sharedMemory(cells: readonly Cell[]): Partial<ParameterValues> {
  const pageNs = cells
    .filter(({ scheme }) => schemeOf(scheme).buffer === 'memfd' && schemeOf(scheme).overlap === 'serial')
    .map(cell => medianOf(cell, sample => sample.allocNs && sample.allocNs / pagesOf(cell.bytes)))
    .filter(ns => ns !== null)
  const typicalNs = summarize(pageNs)?.median ?? 0
  return typicalNs === 0 ? {} : { shmemPageNs: typicalNs }
}

/** A first guess for what a segment costs: a descriptor of its own, looked at by a host or a controller. */
const firstSegmentNs = 1000

/**
 * How much free memory lay in scattered pages: runs of adjoining pages that loads of any size meet, a page each. That
 * is what one thread meets that allocates page by page; two at once cut each other's runs.
 */
function scatteredMemory(cells: readonly Cell[]): Partial<ParameterValues> {
  const runs = cells
    .filter(cell => pageByPage(cell.scheme))
    .map(cell => medianOf(cell, sample => sample.figures.physicalRuns ?? null) ?? 0)
  const most = Math.max(0, ...runs)
  return most === 0 ? {} : { scatteredFreeBytes: Math.round(most) * pageBytes, segmentNs: firstSegmentNs }
}

function pageByPage(scheme: SchemeId): boolean {
  const { buffer, overlap } = schemeOf(scheme)
  return buffer !== 'dma-heap' && overlap !== 'async'
}

function simulateCell(cell: Cell, values: ParameterValues, conditions: Conditions): SimulatedTimes {
  const { gatherBytes, readers, hugePages, pressureBytes } = conditions
  const load = { bytes: cell.bytes, gatherBytes, readers, hugePages }
  return simulateLoad(values, cell.scheme, load, { pressureBytes, noise: noNoise }).times
}

type Fit = { readonly values: ParameterValues; readonly fitted: readonly ParameterId[] }

type FitProblem = {
  readonly start: ParameterValues
  readonly bounds: Bounds
  readonly cells: readonly Cell[]
  readonly conditions: Conditions
}

function fitCells({ start, bounds, cells, conditions }: FitProblem): Fit {
  const targets = cells.flatMap(cell => laneTargets(cell, simulateCell(cell, start, conditions)))
  const simulate = (values: ParameterValues) => {
    const timesOf = new Map(cells.map(cell => [cell, simulateCell(cell, values, conditions)]))
    return targets.map(({ cell, lane }) => Math.max(1, timesOf.get(cell)?.[lane] ?? 1))
  }
  const fitted = tellingParameters(start, simulate)
  // Absolute errors forgive an outlier.
  const cost = (values: ParameterValues) => {
    const simulated = simulate(values)
    return targets.reduce(
      (sum, { ns, weight }, at) => sum + weight * Math.abs(Math.log((simulated[at] ?? 1) / ns)),
      0,
    )
  }
  const near = copyScales
    .map(scale => scaledCopies(start, scale))
    .map(from => fitLeastSquares({ start: from, fitted, bounds, targets, simulate, maxIterations: 15 }))
    .reduce((best, tried) => (cost(tried) < cost(best) ? tried : best))
  const values = searchParameters({ start: near, searched: fitted, bounds, cost, evaluations: 300 })
  return { values, fitted }
}

/**
 * Where least squares starts from: it does not find from a load that waits for its copies to one that waits for the
 * storage, so it starts on both sides.
 */
const copyScales = [0.2, 1, 5] as const

function scaledCopies(values: ParameterValues, scale: number): ParameterValues {
  return {
    ...values,
    copyToShmemPageNs: values.copyToShmemPageNs * scale,
    copyToHeapPageNs: values.copyToHeapPageNs * scale,
    pinPageNs: values.pinPageNs * scale,
  }
}

/** The medians of a cell that the simulation has too: its total, and what its lanes were busy. */
function laneTargets(cell: Cell, simulated: SimulatedTimes) {
  return (['totalNs', 'allocNs', 'readNs'] as const).flatMap(lane => {
    const ns = medianOf(cell, sample => sample[lane])
    if (ns === null || ns === 0 || !simulated[lane]) return []
    return [{ cell, lane, ns, weight: sizeWeight(cell.bytes) * (lane === 'totalNs' ? 1 : laneWeight) }]
  })
}

/** Parameters without which the simulated times of these cells would be the same stay as they are. */
function tellingParameters(
  start: ParameterValues,
  simulate: (values: ParameterValues) => readonly number[],
): ParameterId[] {
  const before = simulate(start)
  return candidates.filter(id => {
    const after = simulate({ ...start, [id]: start[id] * 2 })
    return after.some((ns, at) => Math.abs(ns / (before[at] ?? ns) - 1) > 0.001)
  })
}

function compare(cell: Cell, values: ParameterValues, conditions: Conditions): Calibration['cells'][number] {
  const { totalNs } = simulateCell(cell, values, conditions)
  const { scheme, bytes, summary } = cell
  return {
    scheme,
    bytes,
    measuredNs: Math.round(summary.median),
    simulatedNs: totalNs,
    error: totalNs / summary.median - 1,
  }
}

function profileOf(base: Profile, run: Run, name: string, { values, fitted }: Fit, errors: Errors): Profile {
  const source = `fit to run ${run.uuid} on ${run.plan.target}`
  const isFitted = new Set(fitted)
  const profile = withValues(base, values)
  const baseValues = valuesOf(base)
  return profileSchema.parse({
    ...profile,
    name,
    title: `Calibrated on ${run.plan.target}, ${run.createdAt.slice(0, 10)}${titleWarning(errors)}`,
    notes: [
      ...[warningOf(errors)].filter(warning => warning !== ''),
      `Mean error ${percentText(errors.fit)} on the run itself, ${percentText(errors.leftOut)} on sizes left out of the fit.`,
      `Fitted to the sizes ${sizesText(run)} of run ${run.uuid}. What the run cannot speak about is as in ${base.name}.`,
    ],
    parameters: mapParameters(id => {
      const parameter = profile.parameters[id]
      if (isFitted.has(id)) return { ...parameter, source, fitted: true }
      if (values[id] !== baseValues[id]) return { ...parameter, source: `run ${run.uuid}`, fitted: false }
      return { ...parameter, source: `${base.name}: ${parameter.source}`, fitted: false }
    }),
  })
}

function titleWarning(errors: Errors): string {
  return warningOf(errors) === '' ? '' : `: poor, off by ${percentText(Math.max(errors.fit, errors.leftOut))}`
}

function sizesText({ plan }: Run): string {
  return plan.sizesBytes.map(formatSize).join(', ')
}
