import type { ExportedRun } from '../../contract/run.ts'
import { type SchemeId, schemeIds, schemeOf } from '../../contract/schemes.ts'
import { MiB } from '../../contract/size.ts'
import { whyNot } from '../../contract/target.ts'
import { whyNoVirtualDevice } from '../../device/virtual/whyNoVirtualDevice.ts'
import { type Cell, cellsOf } from '../../findings/cells.ts'
import { deviceOverhead } from './deviceOverhead.ts'
import {
  cellOf,
  figuresOf,
  leastRatio,
  medianAllocation,
  medianRead,
  overlapBound,
  speedup,
} from './loadFigures.ts'
import { allowHugePages, diskCeiling, type OwnDevice, withOwnDevice } from './ownDevice.ts'
import type { BenchResult } from './result.ts'

const bytes = 256 * MiB
const gatherBytes = 32 * MiB
const load = '256 MiB, gather 32 MiB'
const sized = ['--sizes', `${bytes}`, '--gather', `${gatherBytes}`]
/** Fixed before anything is measured. */
const repeated = ['--repeats', '7', '--warmups', '2']
/** The first gather is allocated before anything can be read. */
const firstGatherShare = gatherBytes / bytes

/** The dma-buf schemes that need nothing but a stock kernel. */
const stockSchemes = schemeIds.filter(id => ['heap', 'udmabuf'].includes(schemeOf(id).family))
const ours = 'udmabuf-gather-direct'

/**
 * Every stock scheme and the module's on the virtual device, through the terminal shell. The device is booted three
 * times: with a free disk, to learn how long it allocates; then with the disk's ceiling set so that a read takes as long
 * as populating a memfd; then as long as the module's allocation. Overlap can win most where the two are alike.
 */
export async function run(): Promise<BenchResult[]> {
  const reason = whyNoVirtualDevice()
  if (reason !== null) {
    const name = 'the virtual device'
    return [{ name, value: Number.NaN, unit: '', limit: { atLeast: 1 }, notApplicable: reason }]
  }
  const { first, times } = await withOwnDevice({ module: true }, own => ({
    first: firstSample(own),
    times: allocationTimes(own),
  }))
  return [
    first,
    ...(await readingAsLongAs(times.populatingNs, {}, stockFigures)),
    ...(times.moduleNs === null
      ? [moduleMissing]
      : await readingAsLongAs(times.moduleNs, { module: true }, moduleFigures)),
  ]
}

/** An upper bound: the terminal shell's whole life, with its probe after the run. */
function firstSample(own: OwnDevice): BenchResult {
  const startedAt = performance.now()
  own.run(['--schemes', ours, '--sizes', '8MiB', '--repeats', '1', '--warmups', '0'])
  return {
    name: 'choosing a freshly booted device until a first sample of 8 MiB is stored',
    value: (performance.now() - startedAt) / 1000,
    unit: 's',
    limit: { atMost: 10 },
  }
}

type AllocationTimes = {
  /** Median ns to populate a memfd. */
  readonly populatingNs: number
  /** Of the module's allocation; `null` where this agent cannot use the module. */
  readonly moduleNs: number | null
}

function allocationTimes(own: OwnDevice): AllocationTimes {
  const found = own.run(['--schemes', 'memfd-direct,read-sync-direct', ...sized, ...repeated, '--no-ceiling'])
  const allocation = (scheme: SchemeId) => medianAllocation(cellOf(cellsOf(found.samples), scheme))
  return {
    populatingNs: allocation('memfd-direct'),
    moduleNs: canRun(found, 'read-sync-direct') ? allocation('read-sync-direct') : null,
  }
}

function canRun({ run }: ExportedRun, scheme: SchemeId): boolean {
  return run.capabilities !== null && whyNot(run.capabilities, scheme) === null
}

const moduleMissing: BenchResult = {
  name: 'read-sync-direct with the kernel module',
  value: Number.NaN,
  unit: '',
  limit: { atLeast: 1 },
}

/** On a disk whose ceiling makes the read take so long. */
async function readingAsLongAs(
  ns: number,
  options: { readonly module?: boolean },
  figures: (own: OwnDevice, setting: string) => BenchResult[] | Promise<BenchResult[]>,
): Promise<BenchResult[]> {
  const diskBytesPerSecond = diskCeiling(bytes, ns)
  const setting = `${load}, disk at ${Math.round(diskBytesPerSecond / 1e6)} MB/s`
  return await withOwnDevice({ ...options, diskBytesPerSecond }, own => figures(own, setting))
}

async function stockFigures(own: OwnDevice, setting: string): Promise<BenchResult[]> {
  const schemes = [...stockSchemes, 'memfd-direct']
  const measured = own.run(['--schemes', schemes.join(), ...sized, ...repeated])
  const cells = cellsOf(measured.samples)
  const gather = cellOf(cells, ours)
  return [
    ceilingFigure(measured, setting),
    ...figuresOf(cells, setting),
    ...(['udmabuf-direct', 'normal'] as const).map(scheme =>
      withinReach(
        {
          name: `${setting}: ${scheme} / ${ours}`,
          value: speedup(cellOf(cells, scheme), gather),
          unit: 'x',
          limit: { atLeast: 1.3 },
        },
        cellOf(cells, scheme),
        partsOf(measured),
      ),
    ),
    ...stockSchemes
      .filter(scheme => scheme !== ours)
      .map(scheme => notSlower(gather, cellOf(cells, scheme), setting)),
    ...(await deviceOverhead(own.device)),
  ]
}

function ceilingFigure({ run }: ExportedRun, setting: string): BenchResult {
  const value = (run.ceiling?.bytesPerSecond ?? Number.NaN) / 1e6
  return { name: `${setting}: the ceiling as the agent measures it`, value, unit: 'MB/s' }
}

/** What every load through a memfd is made of, each measured alone, in ns. */
type Parts = { readonly populatingNs: number; readonly readNs: number }

function partsOf({ run, samples }: ExportedRun): Parts {
  return {
    populatingNs: medianAllocation(cellOf(cellsOf(samples), 'memfd-direct')),
    readNs: bytes / ((run.ceiling?.bytesPerSecond ?? Number.NaN) / 1e9),
  }
}

/** A speedup is out of reach where even perfect overlap of the two parts does not reach it. */
function withinReach(result: BenchResult, baseline: Cell, { populatingNs, readNs }: Parts): BenchResult {
  const firstNs = populatingNs * firstGatherShare
  const best = baseline.summary.median / (firstNs + Math.max(populatingNs - firstNs, readNs))
  if (!(best < (result.limit?.atLeast ?? 0))) return result
  const parts = `populating a memfd takes ${ms(populatingNs)}, reading at the ceiling ${ms(readNs)}`
  return { ...result, notApplicable: `${parts}: with perfect overlap the factor is ${best.toFixed(2)}` }
}

function notSlower(gather: Cell, other: Cell, setting: string): BenchResult {
  return {
    name: `${setting}: ${ours} / ${other.scheme}, lower end of the interval`,
    value: leastRatio(gather, other),
    unit: 'x',
    limit: { atMost: 1 },
  }
}

async function moduleFigures(own: OwnDevice, setting: string): Promise<BenchResult[]> {
  await allowHugePages(own)
  const schemes = ['read-sync-direct', 'read-async-direct', ours, 'memfd-direct']
  const plan = ['--schemes', schemes.join(), ...sized, ...repeated]
  const measured = own.run(plan)
  const cells = cellsOf(measured.samples)
  const hugeCells = cellsOf(own.run([...plan, '--huge-pages']).samples)
  const sync = cellOf(cells, 'read-sync-direct')
  const async = cellOf(cells, 'read-async-direct')
  return [
    ceilingFigure(measured, setting),
    ...figuresOf(cells, setting),
    ...figuresOf(hugeCells, `${setting}, huge pages`),
    balanced(
      {
        name: `${setting}: read-sync-direct / read-async-direct`,
        value: speedup(sync, async),
        unit: 'x',
        limit: { atLeast: 1.4 },
      },
      sync,
    ),
    {
      name: `${setting}: read-async-direct total / (1.10 max(alloc, read) + first gather)`,
      value: overlapBound(async.samples),
      unit: 'x',
      limit: { atMost: 1 },
    },
    besideModule(cells, setting),
    besideModule(hugeCells, `${setting}, huge pages`),
  ]
}

/** The bound holds for a ceiling near the allocation rate; other work on the host moves the emulated CPU's rate. */
function balanced(result: BenchResult, sync: Cell): BenchResult {
  const [alloc, read] = [medianAllocation(sync), medianRead(sync)]
  const balance = Math.max(alloc, read) / Math.min(alloc, read)
  if (balance <= 1.5) return result
  const spans = `alloc ${ms(alloc)} and read ${ms(read)} in read-sync-direct`
  return { ...result, notApplicable: `the ceiling is not near the allocation rate: ${spans}` }
}

function besideModule(cells: readonly Cell[], setting: string): BenchResult {
  const async = cellOf(cells, 'read-async-direct')
  const result = {
    name: `${setting}: ${ours} / read-async-direct`,
    value: speedup(cellOf(cells, ours), async),
    unit: 'x',
    limit: { atMost: 1.1 },
  }
  const populate = medianAllocation(cellOf(cells, 'memfd-direct'))
  if (populate <= result.limit.atMost * async.summary.median) return result
  const spans = `populating the memfd alone takes ${ms(populate)} (memfd-direct)`
  return { ...result, notApplicable: `${spans}, all of read-async-direct ${ms(async.summary.median)}` }
}

function ms(ns: number): string {
  return `${Math.round(ns / 1e6)} ms`
}
