import type { Mark, StoredSample } from '../contract/sample.ts'
import { schemeOf } from '../contract/schemes.ts'
import type { Environment } from '../contract/target.ts'
import type { Cell } from './cells.ts'
import { countText } from './words/figureText.ts'
import { pathCause } from './words/pathCause.ts'

/**
 * What stands where the claim stands. `spoils`: the time is not that of the load that was asked for, so nothing is
 * claimed of it. `said`: it is, but a reader has to know. `way`: how the kernel did it, which the causes tell.
 */
const weights: Record<Mark, 'spoils' | 'said' | 'way'> = {
  warm: 'spoils',
  'not all from storage': 'spoils',
  'fell back to buffered': 'spoils',
  'path not proved': 'spoils',
  throttled: 'spoils',
  'no huge pages': 'said',
  emulated: 'said',
  'heap ioctl': 'way',
  'heap flag': 'way',
  'lab module': 'way',
  'not verified': 'said',
  'machine slept': 'spoils',
  'power changed': 'spoils',
}

type Place = Pick<Cell, 'scheme' | 'bytes'>

/** Faster than any memory; a time that says so was not measured. */
const impossibleBytesPerSecond = 1e12
/** A load's parts cannot outlast it; their sums are rounded. */
const roundingShare = 1.001

const lanes = ['openNs', 'allocNs', 'mapNs', 'createNs', 'readNs'] as const

/** A time that no load can have taken: none at all, one beyond any memory, or one shorter than its own parts. */
export function isImpossible(sample: StoredSample): boolean {
  const { totalNs, bytes } = sample
  if (totalNs === null) return false
  if (totalNs <= 0 || bytes / (totalNs / 1e9) > impossibleBytesPerSecond) return true
  return lanes.some(lane => (sample[lane] ?? 0) > totalNs * roundingShare)
}

/** The marks of a sample, and those that its other columns imply: an import may say one without the other. */
export function marksOf(sample: StoredSample): ReadonlySet<Mark> {
  const marks = new Set(sample.marks)
  if (sample.simulated || sample.status !== 'ok') return marks
  const told = marks.has('fell back to buffered') || marks.has('not all from storage')
  if (!sample.cold && !marks.has('not all from storage')) marks.add('warm')
  if (!sample.verified) marks.add('not verified')
  const isDirect = schemeOf(sample.scheme).ioMode === 'direct'
  if (isDirect && !sample.direct && !told) marks.add('path not proved')
  return marks
}

/** Whether something among the loads of a cell, failed ones as well, forbids to say what caused its times. */
export function isSpoiled(cell: Cell, samples: readonly StoredSample[]): boolean {
  return loadsOf(cell, samples).some(
    sample =>
      sample.status === 'failed' ||
      isImpossible(sample) ||
      [...marksOf(sample)].some(mark => weights[mark] === 'spoils'),
  )
}

/** All counted loads of one scheme at one size, failed ones as well. */
function loadsOf({ scheme, bytes }: Place, samples: readonly StoredSample[]): StoredSample[] {
  return samples.filter(
    sample =>
      sample.scheme === scheme && sample.bytes === bytes && !sample.warmup && sample.status !== 'cancelled',
  )
}

/** Whether some of a cell's loads did not come from the storage, so that its ceiling says nothing of them. */
export function isFromMemory(cell: Cell): boolean {
  return cell.samples.some(sample => {
    const marks = marksOf(sample)
    return marks.has('warm') || marks.has('fell back to buffered') || marks.has('not all from storage')
  })
}

/**
 * What went wrong among all loads of one scheme at one size, in words: marks with what the measured file's file system
 * makes of them, failures, times that cannot be.
 */
export function cautionsOf(
  place: Place,
  samples: readonly StoredSample[],
  environment: Environment | null = null,
): string[] {
  const loads = loadsOf(place, samples)
  const of = (count: number) => `${count} of ${countText(loads.length, 'load')} of ${place.scheme}`
  const marked = Map.groupBy(
    loads.flatMap(sample => [...marksOf(sample)].filter(mark => weights[mark] !== 'way')),
    mark => mark,
  )
  const impossible = loads.filter(isImpossible).length
  const failed = loads.filter(sample => sample.status === 'failed')
  return [
    ...(failed.length > 0 ? [`${of(failed.length)} failed (${reasonsText(failed)})`] : []),
    ...(impossible > 0 ? [`${of(impossible)} took a time that cannot be`] : []),
    ...[...marked].map(
      ([mark, all]) =>
        `${of(all.length)} ${loads.length === 1 ? 'was' : 'were'} marked "${mark}"${becauseText(mark, environment)}`,
    ),
  ]
}

/** ` (f2fs reads compressed files through the page cache)`, or nothing. */
function becauseText(mark: Mark, environment: Environment | null): string {
  const cause = pathCause(mark, environment)
  return cause === null ? '' : ` (${cause})`
}

/** The first reason, and how many others there are. */
export function reasonsText(samples: readonly StoredSample[]): string {
  const [first = '', ...others] = new Set(samples.map(sample => sample.reason))
  const reason = first === '' ? 'no reason told' : first
  return others.length === 0 ? reason : `${reason}; and ${countText(others.length, 'other reason')}`
}
