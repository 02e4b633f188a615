import { gatherOf } from '../contract/plan.ts'
import type { Run, RunDetail } from '../contract/run.ts'
import { type SchemeId, schemeOf } from '../contract/schemes.ts'
import { type Cell, medianOf } from '../findings/cells.ts'
import { allocationNs } from '../findings/formulas.ts'
import { correctedVerdict } from '../findings/statistics/comparePairs.ts'
import { msText, rateText, sizeText, threeDigits } from '../findings/words/figureText.ts'
import { type Disk, diskName, inKernel, inUserSpace, type Meeting } from './kernelOrUserSpaceMeetings.ts'
import { markdownTable } from './markdownTable.ts'

/** The meetings that say most, one row each, disk by disk. */
export function mainTable(disks: readonly Disk[], isMain: (meeting: Meeting) => boolean): string {
  return markdownTable(
    ['disk', 'ceiling', 'pages', ...comparedTitles, 'run'],
    disks.flatMap(disk =>
      disk.meetings
        .filter(isMain)
        .map(meeting => [
          `\`${disk.name}\``,
          rateOrDash(disk.ceiling),
          pagesWord(meeting.run),
          ...comparedFields(meeting),
          `${meeting.number}`,
        ]),
    ),
  )
}

export function sideBySideTable({ meetings }: Disk): string {
  const ordered = meetings.toSorted(
    (a, b) =>
      Number(a.run.plan.hugePages) - Number(b.run.plan.hugePages) ||
      a.bytes - b.bytes ||
      gatherBytesOf(a.run) - gatherBytesOf(b.run),
  )
  return markdownTable(
    ['pages', 'size', 'gather', ...comparedTitles, 'run'],
    ordered.map(meeting => [
      pagesWord(meeting.run),
      sizeText(meeting.bytes),
      sizeText(gatherBytesOf(meeting.run)),
      ...comparedFields(meeting),
      `${meeting.number}`,
    ]),
  )
}

/** Both sides of each meeting, by lane. */
export function timeTable(meetings: readonly Meeting[]): string {
  return markdownTable(
    ['run', 'scheme', 'pages', 'total', 'alloc', 'of it create', 'read', 'first gather', 'allocation rate'],
    meetings.flatMap(({ number, run, kernel, user }) => [
      timeRow(number, kernel, 'orders 8, 4, 0'),
      timeRow(number, user, pagesWord(run)),
    ]),
  )
}

export function runTable(runs: readonly RunDetail[]): string {
  return markdownTable(
    ['run', 'id', 'begun', 'folder', 'ceiling', 'schemes', 'sizes', 'gather', 'pages', 'samples'],
    runs.map(({ run, samples }, index) => [
      `${index + 1}`,
      `\`${run.uuid}\``,
      run.createdAt,
      `\`${diskName(run)}\``,
      rateOrDash(run.ceiling?.bytesPerSecond ?? null),
      run.plan.schemes.length === 2 ? 'both' : `${run.plan.schemes.length}, both among them`,
      run.plan.sizesBytes.map(sizeText).join(', '),
      sizeText(gatherBytesOf(run)),
      pagesWord(run),
      `${samples.length}`,
    ]),
  )
}

/** Bytes per second of allocation, its busy time only; `null` where the cell has none. */
export function allocationRate(cell: Cell): number | null {
  const allocNs = medianOf(cell, allocationNs)
  return allocNs === null ? null : cell.bytes / (allocNs / 1e9)
}

const comparedTitles = [`${inKernel} ms`, `${inUserSpace} ms`, 'ratio', 'p', 'user space is']

function comparedFields({ kernel, user, comparison }: Meeting): string[] {
  const { ratio, low, high, adjustedPValue } = comparison
  return [
    intervalText(kernel),
    intervalText(user),
    `${threeDigits(ratio)} [${threeDigits(low)}, ${threeDigits(high)}]`,
    adjustedPValue < 0.001 ? '< 0.001' : adjustedPValue.toPrecision(2),
    correctedVerdict(comparison),
  ]
}

function gatherBytesOf({ plan }: Run): number {
  return gatherOf(plan, Math.max(...plan.sizesBytes))
}

export function pagesWord({ plan }: Run): string {
  return plan.hugePages ? 'huge' : '4 KiB'
}

export function intervalText({ summary }: Cell): string {
  return `${msText(summary.median)} [${msText(summary.low)}, ${msText(summary.high)}]`
}

function timeRow(number: number, cell: Cell, pages: string): string[] {
  return [
    `${number}`,
    cell.scheme,
    pages,
    msText(cell.summary.median),
    msOrDash(medianOf(cell, allocationNs)),
    msOrDash(isUdmabuf(cell.scheme) ? medianOf(cell, sample => sample.createNs) : null),
    msOrDash(medianOf(cell, sample => sample.readNs)),
    msOrDash(medianOf(cell, sample => sample.firstGatherNs)),
    rateOrDash(allocationRate(cell)),
  ]
}

function isUdmabuf(scheme: SchemeId): boolean {
  return schemeOf(scheme).buffer === 'udmabuf'
}

function msOrDash(ns: number | null): string {
  return ns === null ? '-' : msText(ns)
}

export function rateOrDash(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? '-' : rateText(bytesPerSecond)
}
