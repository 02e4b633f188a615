import type { Run, RunDetail } from '../contract/run.ts'
import type { SchemeId } from '../contract/schemes.ts'
import { type Cell, cellsOf, sizesOf, totalsOf } from '../findings/cells.ts'
import { type Comparison, comparePairs } from '../findings/statistics/comparePairs.ts'
import { summarize } from '../findings/statistics/summary.ts'

export const inKernel = 'read-async-direct'
export const inUserSpace = 'udmabuf-gather-direct'

/** What Android ships, the same in a pipeline, and the loader with its defaults. */
export const shipped = 'wrapfd-direct'
export const segments = 'wrapfd-segments-direct'
export const loader = 'udmabuf-list-direct'
export const androidSchemes: readonly SchemeId[] = [shipped, segments, loader]

/** Whether a run belongs in the document: finished on a device, with both sides of the argument in it, or all of Android's. */
export function isOfArgument({ run }: RunDetail): boolean {
  const { target, schemes } = run.plan
  const hasAll = (wanted: readonly SchemeId[]) => wanted.every(scheme => schemes.includes(scheme))
  return (
    run.status === 'finished' &&
    target.startsWith('adb:') &&
    (hasAll([inKernel, inUserSpace]) || hasAll(androidSchemes))
  )
}

/** The two sides in one run at one size. */
export type Meeting = {
  /** The run's row in the document's table of runs, from 1. */
  readonly number: number
  readonly run: Run
  readonly bytes: number
  readonly kernel: Cell
  readonly user: Cell
  readonly comparison: Comparison
}

/**
 * Every meeting in a run of these two schemes alone, judged as one family. Beside others, buffered ones among them,
 * either side finds memory and page cache as another scheme left them.
 */
export function meetingsOf(runs: readonly RunDetail[]): Meeting[] {
  const meetings = runs.flatMap((detail, index) =>
    detail.run.plan.schemes.length === 2 ? sidesOf(detail, index + 1) : [],
  )
  const compared = comparePairs(
    meetings.map(({ kernel, user }) => ({ candidate: totalsOf(user), baseline: totalsOf(kernel) })),
  )
  return meetings.flatMap((meeting, index) => {
    const comparison = compared[index]
    return comparison === undefined ? [] : [{ ...meeting, comparison }]
  })
}

function sidesOf({ run, samples }: RunDetail, number: number): Omit<Meeting, 'comparison'>[] {
  const cells = cellsOf(samples)
  return sizesOf(cells).flatMap(bytes => {
    const at = (scheme: SchemeId) => cells.find(cell => cell.scheme === scheme && cell.bytes === bytes)
    const [kernel, user] = [at(inKernel), at(inUserSpace)]
    return kernel === undefined || user === undefined ? [] : [{ number, run, bytes, kernel, user }]
  })
}

/** Runs in one folder share a disk; its name says what the disk was set to. */
export type Disk = {
  readonly name: string
  /** Median of the ceilings measured before its runs, in bytes per second; `null` where there is none. */
  readonly ceiling: number | null
  readonly meetings: readonly Meeting[]
}

/** The disks, slowest first. */
export function disksOf(meetings: readonly Meeting[]): Disk[] {
  return [...Map.groupBy(meetings, ({ run }) => diskName(run))]
    .map(([name, own]) => ({ name, ceiling: medianCeiling(own), meetings: own }))
    .sort((a, b) => (a.ceiling ?? 0) - (b.ceiling ?? 0))
}

export function diskName({ plan }: Run): string {
  return plan.directory?.split('/').at(-1) ?? plan.target
}

function medianCeiling(meetings: readonly Meeting[]): number | null {
  const ceilings = new Map(meetings.map(({ run }) => [run.uuid, run.ceiling?.bytesPerSecond ?? null]))
  return summarize([...ceilings.values()].filter(ceiling => ceiling !== null))?.median ?? null
}
