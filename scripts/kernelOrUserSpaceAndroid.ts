import type { RunDetail } from '../contract/run.ts'
import type { SchemeId } from '../contract/schemes.ts'
import { type Cell, cellsOf, sizesOf, totalsOf } from '../findings/cells.ts'
import { type Comparison, comparePairs, correctedVerdict } from '../findings/statistics/comparePairs.ts'
import { countText, sizeText, threeDigits } from '../findings/words/figureText.ts'
import { diskName, loader, segments, shipped } from './kernelOrUserSpaceMeetings.ts'
import { intervalText, pagesWord, rateOrDash } from './kernelOrUserSpaceTables.ts'
import { markdownTable } from './markdownTable.ts'

/** One run at one size: both candidates against what Android ships. */
type Meeting = {
  readonly number: number
  readonly detail: RunDetail
  readonly bytes: number
  readonly cells: Readonly<Record<'shipped' | 'segments' | 'loader', Cell>>
}

/** Whether any of the runs has Android's ioctl beside the loader. */
export function hasAndroid(runs: readonly RunDetail[]): boolean {
  return meetingsOf(runs).length > 0
}

/** The section on wrapfd, from the runs that have all three; no paragraph where none has. */
export function androidSection(runs: readonly RunDetail[]): string[] {
  const meetings = meetingsOf(runs)
  if (meetings.length === 0) return []
  const compared = comparePairs(
    meetings.flatMap(({ cells }) =>
      [cells.loader, cells.segments].map(candidate => ({
        candidate: totalsOf(candidate),
        baseline: totalsOf(cells.shipped),
      })),
    ),
  )
  const rows = meetings.map((meeting, index) => ({
    meeting,
    ours: compared[2 * index],
    pipelined: compared[2 * index + 1],
  }))
  const loaders = rows.flatMap(({ ours }) => ours ?? [])
  return [
    '## Beside what Android ships',
    `Android's common kernels have an ioctl that reads a file into a wrapped dma-buf, one buffer, one after the other: \`${shipped}\`, here as [the module](kernel-module.md#androids-wrapfd-on-any-kernel) offers it. \`${segments}\` does the same with several buffers in a pipeline, without a patch; \`${loader}\` is [the loader](loader.md) with its defaults.`,
    verdict(loaders),
    markdownTable(titles, rows.map(rowOf)),
    `Medians in ms with their 95 % intervals. A ratio is the time over that of \`${shipped}\` (Hodges-Lehmann, with its interval); p is of a Mann-Whitney U test, corrected for ${countText(compared.length, 'comparison')} (Holm).`,
  ]
}

function verdict(loaders: readonly Comparison[]): string {
  const count = (word: string) => loaders.filter(each => correctedVerdict(each) === word).length
  return `**The loader is faster than \`${shipped}\` in ${count('faster')}, slower in ${count('slower')} and not told apart in ${count('~')} of ${countText(loaders.length, 'comparison')}.**`
}

function meetingsOf(runs: readonly RunDetail[]): Meeting[] {
  return runs.flatMap((detail, index) => {
    const all = cellsOf(detail.samples)
    return sizesOf(all).flatMap(bytes => {
      const at = (scheme: SchemeId) => all.find(cell => cell.scheme === scheme && cell.bytes === bytes)
      const [one, several, ours] = [at(shipped), at(segments), at(loader)]
      if (one === undefined || several === undefined || ours === undefined) return []
      return [{ number: index + 1, detail, bytes, cells: { shipped: one, segments: several, loader: ours } }]
    })
  })
}

const titles = [
  ...['disk', 'ceiling', 'pages', 'size', `${shipped} ms`, `${segments} ms`, `${loader} ms`],
  ...['loader / shipped', 'p', 'the loader is', 'segments / shipped', 'p', 'segments are', 'run'],
]

type Compared = {
  readonly meeting: Meeting
  readonly ours: Comparison | undefined
  readonly pipelined: Comparison | undefined
}

function rowOf({ meeting, ours, pipelined }: Compared): string[] {
  const { run } = meeting.detail
  return [
    `\`${diskName(run)}\``,
    rateOrDash(run.ceiling?.bytesPerSecond ?? null),
    pagesWord(run),
    sizeText(meeting.bytes),
    ...[meeting.cells.shipped, meeting.cells.segments, meeting.cells.loader].map(intervalText),
    ...comparedFields(ours),
    ...comparedFields(pipelined),
    `${meeting.number}`,
  ]
}

function comparedFields(comparison: Comparison | undefined): string[] {
  if (comparison === undefined) return ['-', '-', '-']
  const { ratio, low, high, adjustedPValue } = comparison
  return [
    `${threeDigits(ratio)} [${threeDigits(low)}, ${threeDigits(high)}]`,
    adjustedPValue < 0.001 ? '< 0.001' : adjustedPValue.toPrecision(2),
    correctedVerdict(comparison),
  ]
}
