import type { Plan } from '../contract/plan.ts'
import type { RunDetail } from '../contract/run.ts'
import { sampleColumns } from '../contract/sample.ts'
import { MiB } from '../contract/size.ts'
import { csvRecord } from '../findings/exports/csv.ts'
import { correctedVerdict } from '../findings/statistics/comparePairs.ts'
import { smallestPValue } from '../findings/statistics/mannWhitney.ts'
import { summarize } from '../findings/statistics/summary.ts'
import { countText, rateText, sizeText, threeDigits } from '../findings/words/figureText.ts'
import { androidSection, hasAndroid } from './kernelOrUserSpaceAndroid.ts'
import {
  type Disk,
  disksOf,
  inKernel,
  inUserSpace,
  type Meeting,
  meetingsOf,
} from './kernelOrUserSpaceMeetings.ts'
import {
  allocationRate,
  mainTable,
  rateOrDash,
  runTable,
  sideBySideTable,
  timeTable,
} from './kernelOrUserSpaceTables.ts'
import { publishedOrder } from './publishedOrder.ts'

/** The gather whose figures stand at the top: an eighth of the largest file. */
const mainGatherBytes = 32 * MiB

/** The document, as Markdown, from runs that `isOfArgument`. */
export function reportOf(runs: readonly RunDetail[]): string {
  const meetings = meetingsOf(runs)
  const disks = disksOf(meetings)
  const largestBytes = Math.max(...meetings.map(({ bytes }) => bytes))
  const isMain = ({ run, bytes }: Meeting) =>
    bytes === largestBytes && run.plan.gatherBytes === mainGatherBytes
  return [
    questionOf(runs),
    answer(meetings, largestBytes),
    conditions(runs, meetings, disks),
    `At ${sizeText(largestBytes)} in gathers of ${sizeText(mainGatherBytes)}:`,
    mainTable(disks, isMain),
    reading(meetings),
    ...androidSection(runs),
    '## What limits this',
    limits(runs, largestBytes),
    '## Side by side',
    ...disks.flatMap(disk => [diskHeading(disk), sideBySideTable(disk)]),
    '## Where the time goes',
    `At ${sizeText(largestBytes)} in gathers of ${sizeText(mainGatherBytes)}, medians in ms. \`alloc\` and \`read\` are the busy times of their lanes and overlap; the allocation rate is the size over \`alloc\`.`,
    ...disks.flatMap(disk => [diskHeading(disk), timeTable(disk.meetings.filter(isMain))]),
    '## The published order',
    publishedOrder(runs),
    '## The runs',
    provenance(runs),
    runTable(runs),
    '',
  ].join('\n\n')
}

const questionOf = (runs: readonly RunDetail[]) => `# ${title(runs)}

<!-- Generated from stored runs by scripts/kernelOrUserSpace.ts. Do not edit. -->

The refused series let one ioctl allocate a dma-buf and read a file into it, with the read of each gather going on beside
the allocation of the next: \`${inKernel}\`, "patch1-4", here [a module](kernel-module.md). On a stock kernel a program
can do the same with a memfd, O_DIRECT and UDMABUF_CREATE: \`${inUserSpace}\`. Does the kernel need the ioctl?`

function title(runs: readonly RunDetail[]): string {
  return hasAndroid(runs) ? 'User space, the refused patch, and what Android ships' : 'Kernel or user space?'
}

type Kind = { readonly pages: string; readonly meetings: readonly Meeting[]; readonly slower: number }

/** The conclusion, and one sentence for each kind of pages, all counted from the comparisons. */
function answer(meetings: readonly Meeting[], largestBytes: number): string {
  const kindOf = (hugePages: boolean, pages: string): Kind => {
    const own = meetings.filter(({ run }) => run.plan.hugePages === hugePages)
    return { pages, meetings: own, slower: countOf(own, 'slower') }
  }
  const [huge, small] = [kindOf(true, 'huge pages'), kindOf(false, 'pages of 4 KiB')]
  const sentences = [huge, small].flatMap(kind => sentence(kind, largestBytes))
  return [`**${conclusion(huge, small)}**`, '', ...sentences.map(each => `- ${each}`)].join('\n')
}

function conclusion(huge: Kind, small: Kind): string {
  if (huge.slower === 0 && small.slower === 0) return 'No comparison on this device shows the ioctl faster.'
  if (huge.slower === 0 && huge.meetings.length > 0) {
    return 'On this device the ioctl is faster than a program with pages of 4 KiB; against one with huge pages no difference was shown.'
  }
  return 'On this device the ioctl is faster.'
}

function sentence({ pages, meetings, slower }: Kind, largestBytes: number): string[] {
  const ratios = summarize(meetings.map(({ comparison }) => comparison.ratio))
  if (ratios === null) return []
  const counts = `slower in ${slower}, faster in ${countOf(meetings, 'faster')} and not told apart in ${countOf(meetings, '~')} of ${countText(meetings.length, 'comparison')}`
  const range = `${threeDigits(ratios.median)} times the ioctl's in the median, ${threeDigits(ratios.min)} to ${threeDigits(ratios.max)}; taken alone, the interval of the ratio lies above 1 in ${aloneAbove(meetings)}`
  const largest = meetings.filter(({ bytes }) => bytes === largestBytes)
  const [kernel, user] = [
    medianRate(largest.map(({ kernel }) => allocationRate(kernel))),
    medianRate(largest.map(({ user }) => allocationRate(user))),
  ]
  return [
    `With ${pages} in the memfd, user space is ${counts}. Its time is ${range}. At ${sizeText(largestBytes)} it allocates ${rateOrDash(user)}, the ioctl ${rateOrDash(kernel)}.`,
  ]
}

/** Without the correction for many comparisons: what a reader suspects where no difference was shown. */
function aloneAbove(meetings: readonly Meeting[]): number {
  return meetings.filter(({ comparison }) => comparison.low > 1).length
}

function countOf(meetings: readonly Meeting[], verdict: Meeting['comparison']['verdict']): number {
  return meetings.filter(({ comparison }) => correctedVerdict(comparison) === verdict).length
}

function medianRate(rates: readonly (number | null)[]): number | null {
  return summarize(rates.filter(rate => rate !== null))?.median ?? null
}

function conditions(
  runs: readonly RunDetail[],
  meetings: readonly Meeting[],
  disks: readonly Disk[],
): string {
  const sizes = distinct(meetings.map(({ bytes }) => bytes)).sort((a, b) => a - b)
  const repeats = wordsOf(runs, ({ repeats }) => repeats)
  const ceilings = disks.flatMap(({ ceiling }) => (ceiling === null ? [] : [rateText(ceiling)])).join(', ')
  return `Measured on one emulated device (${kernelsOf(runs)}; see [the limits](#what-limits-this)): files of ${sizes.map(sizeText).join(', ')}, gathers of up to the whole file, ${countText(disks.length, 'disk')} with measured ceilings of ${ceilings}, ${repeats} repeats of each load in a shuffled order, ${stateOf(runs)}.`
}

/** What was proved of the samples that count, and what is marked on them. */
function stateOf(runs: readonly RunDetail[]): string {
  const samples = runs
    .flatMap(({ samples }) => samples)
    .filter(({ status, warmup }) => status === 'ok' && !warmup)
  const share = (count: number) => (count === samples.length ? 'all' : `${count}`)
  const cold = samples.filter(sample => sample.cold).length
  const verified = samples.filter(sample => sample.verified).length
  const marks = [
    ...Map.groupBy(
      samples.flatMap(sample => sample.marks),
      mark => mark,
    ),
  ]
  const marked = marks.map(([mark, all]) => `, ${all.length} marked "${mark}"`).join('')
  return `${samples.length} samples, ${share(cold)} of them cold and ${share(verified)} verified byte by byte${marked}`
}

function reading(meetings: readonly Meeting[]): string {
  const least = Math.min(...meetings.map(smallestP))
  return `Medians in ms with their 95 % intervals. The ratio is user space over kernel (Hodges-Lehmann, with its interval); p is of a Mann-Whitney U test, corrected for ${countText(meetings.length, 'comparison')} (Holm). With so few repeats the smallest p that can come out is ${least.toPrecision(2)}, so \`~\` says that no difference was shown, not that there is none: look at the intervals. A gather as large as the file leaves nothing to overlap.`
}

/** Corrected as the first of Holm's steps. */
function smallestP({ kernel, user, comparison }: Meeting): number {
  return Math.min(1, comparison.comparisons * smallestPValue(kernel.samples.length, user.samples.length))
}

function limits(runs: readonly RunDetail[], largestBytes: number): string {
  const memories = distinct(runs.flatMap(({ run }) => run.capabilities?.environment.memoryTotalBytes ?? []))
  return [
    '- The device is a virtual one and its CPU is emulated (TCG): copies, page faults and clearing cost several times what they cost on hardware, and not all by the same factor. The ratios are of this device. They say where the time goes, not how much a phone would gain.',
    `- It has ${memories.map(sizeText).join(' or ')} of memory, so the largest file is ${sizeText(largestBytes)}; the published tables go to 3 GiB.`,
    "- A disk is a file of the host with a ceiling set by the emulator; `disk-free` has none. The emulator lets a tenth of a second's worth of the ceiling through at once, so a load that is over sooner sees a faster disk than the folder's name says. The rates shown are the ceilings as the agent measured them, on the largest file of the run.",
    '- The host was shared. Other work on it lengthens both sides and widens the intervals: look at them before the medians.',
    '- The module allocates pages of orders 8, 4 and 0 without being asked, as the system heap does. A memfd has them only where `shmem_enabled` allows huge pages and the program asks for them, so both are shown. Setting it needs root, as loading the module does.',
    '- The device’s kernel zeroes what it allocates (`init_on_alloc`, as on Android), and a memfd’s pages are zeroed once more by tmpfs, those of a heap and of the module are not: [measured with and without](loader.md#options).',
    '- The buffers differ: a heap buffer is made of large pages wherever there were any, a udmabuf of whatever the memfd has. What an importer gains or loses by that is not measured. Closing the buffer is not in the totals; it is `closeNs` in the CSV.',
    '- The module is ours and differs from the series in places, see [what differs](kernel-module.md#what-is-emulated-and-what-differs-from-the-series).',
  ].join('\n')
}

function diskHeading({ name, ceiling }: Disk): string {
  return `### \`${name}\`${ceiling === null ? '' : `, measured ceiling ${rateText(ceiling)}`}`
}

/** Every sample of every run, after the run's number in the document. */
export function samplesCsv(runs: readonly RunDetail[]): string {
  const records = runs.flatMap(({ samples }, index) =>
    samples.map(sample => `${index + 1},${csvRecord(sample)}`),
  )
  return [`run,${sampleColumns.join(',')}`, ...records, ''].join('\n')
}

/** How each figure is found again, and made again. */
function provenance(runs: readonly RunDetail[]): string {
  const [repeats, warmups] = [wordsOf(runs, plan => plan.repeats), wordsOf(runs, plan => plan.warmups)]
  const versions = distinct(runs.map(({ run }) => run.labVersion)).join(', ')
  return `The numbers in the tables are those of the runs below; every sample is in [kernel-or-user-space.csv](kernel-or-user-space.csv). \`node scripts/kernelOrUserSpace.ts --db FILE --measure\` makes the runs anew, with dmabuf-lab ${versions}. One of them is

    npm run lab -- run --target adb:<serial> --schemes ${inKernel},${inUserSpace} --sizes <sizes> --gather <gather> --repeats ${repeats} --warmups ${warmups} --dir /data/local/tmp/<folder> --db FILE

with \`--huge-pages\` where the pages are huge.`
}

function kernelsOf(runs: readonly RunDetail[]): string {
  const kernels = runs.map(({ run }) => run.capabilities?.environment.kernel ?? 'kernel unknown')
  return `kernel ${distinct(kernels).join(', ')}`
}

function wordsOf(runs: readonly RunDetail[], option: (plan: Plan) => number): string {
  return distinct(runs.map(({ run }) => option(run.plan))).join(' or ')
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)]
}
