import type { RunDetail } from '../contract/run.ts'
import { type SchemeId, schemeOf } from '../contract/schemes.ts'
import { MiB } from '../contract/size.ts'
import { allocationNs } from '../engine/model/formulas.ts'
import { type Cell, cellsOf, medianOf, sizesOf, totalsOf } from '../engine/stats/cells.ts'
import { type Comparison, comparePairs } from '../engine/stats/compare.ts'
import { msText, rateText, sizeText, threeDigits } from '../engine/stats/figureText.ts'
import { summarize } from '../engine/stats/summary.ts'
import { markdownTable } from './markdownTable.ts'
import { publishedOrder } from './publishedOrder.ts'

const inKernel = 'read-async-direct'
const inUserSpace = 'udmabuf-gather-direct'
/** The gather whose spans are shown: an eighth of the largest file. */
const shownGatherBytes = 32 * MiB

/** Whether a run belongs in the document: finished on a device, with both sides of the argument in it. */
export function isOfArgument({ run }: RunDetail): boolean {
  const { target, schemes } = run.plan
  return (
    run.status === 'finished' &&
    target.startsWith('adb:') &&
    schemes.includes(inKernel) &&
    schemes.includes(inUserSpace)
  )
}

/** The two sides in one run at one size. */
type Meeting = {
  readonly run: RunDetail['run']
  readonly bytes: number
  readonly kernel: Cell
  readonly user: Cell
}
type Judged = Meeting & { readonly comparison: Comparison }

/** The document, as Markdown, from runs that `isOfArgument`. */
export function reportOf(runs: readonly RunDetail[]): string {
  const judged = judge(runs.flatMap(meetingsOf))
  const disks = byDisk(judged)
  return [
    heading,
    ...answer(judged),
    '## What limits this',
    limits(runs),
    '## Side by side',
    `Medians in ms with their 95 % intervals. The ratio is user space over kernel (Hodges-Lehmann, with its interval); p is of a Mann-Whitney U test, corrected for ${judged.length} comparisons (Holm); \`~\`: no difference shown, which does not say that there is none. A gather as large as the file leaves nothing to overlap.`,
    ...disks.flatMap(diskSection),
    '## The published order',
    publishedOrder(runs),
    '## The runs',
    runTable(runs),
    '',
  ].join('\n\n')
}

const heading = `# Kernel or user space?

<!-- Generated from stored runs by scripts/kernelOrUserSpace.ts. Do not edit. -->

The refused series let one ioctl allocate a dma-buf and read a file into it, with the read of each gather going on beside
the allocation of the next: \`${inKernel}\`, "patch1-4", here [a module](kernel-module.md). On a stock kernel a program
can do the same with a memfd, O_DIRECT and UDMABUF_CREATE: \`${inUserSpace}\`. Does the kernel need the ioctl?`

function meetingsOf({ run, samples }: RunDetail): Meeting[] {
  const cells = cellsOf(samples)
  return sizesOf(cells).flatMap(bytes => {
    const at = (scheme: SchemeId) => cells.find(cell => cell.scheme === scheme && cell.bytes === bytes)
    const [kernel, user] = [at(inKernel), at(inUserSpace)]
    return kernel === undefined || user === undefined ? [] : [{ run, bytes, kernel, user }]
  })
}

function judge(meetings: readonly Meeting[]): Judged[] {
  const compared = comparePairs(
    meetings.map(({ kernel, user }) => ({ candidate: totalsOf(user), baseline: totalsOf(kernel) })),
  )
  return meetings.flatMap((meeting, index) => {
    const comparison = compared[index]
    return comparison === undefined ? [] : [{ ...meeting, comparison }]
  })
}

/** One sentence per kind of pages, counted from the comparisons. */
function answer(judged: readonly Judged[]): string[] {
  return [false, true].flatMap(hugePages => {
    const some = judged.filter(({ run }) => run.plan.hugePages === hugePages)
    const ratios = summarize(some.map(({ comparison }) => comparison.ratio))
    if (ratios === null) return []
    const count = (verdict: Comparison['verdict']) =>
      some.filter(({ comparison }) => comparison.verdict === verdict).length
    const said = `user space is faster in ${count('faster')} of ${some.length} comparisons, slower in ${count('slower')}, and no difference shows in ${count('~')}`
    const range = `its time is ${threeDigits(ratios.median)} times the kernel's in the median, from ${threeDigits(ratios.min)} to ${threeDigits(ratios.max)}`
    return [`**With ${pagesText(hugePages)}** ${said}; ${range}.`]
  })
}

function pagesText(hugePages: boolean): string {
  return hugePages ? 'huge pages in the memfd' : 'pages of 4 KiB in the memfd'
}

function limits(runs: readonly RunDetail[]): string {
  const kernels = runs.map(({ run }) => run.capabilities?.environment.kernel ?? 'unknown')
  return [
    `- One virtual device, kernel ${distinct(kernels).join(', ')}. Its CPU is emulated (TCG): copies, page faults and clearing cost several times what they cost on hardware, and not all by the same factor. The ratios are of this device. They say where the time goes, not how much a phone would gain.`,
    "- The disk is a file of the host with a ceiling set by the emulator; its latency is the host's. The emulator lets a tenth of a second's worth of the ceiling through at once, so a load that is over sooner sees a faster disk. The rates below are the ceilings as the agent measured them.",
    '- The host was shared. Other work on it lengthens both sides and widens the intervals: look at them before the medians.',
    '- The module allocates pages of orders 8, 4 and 0 without being asked, as the system heap does. A memfd has them only where `shmem_enabled` allows huge pages and the program asks for them, so both are shown. Setting it needs root, as the module does.',
    '- `sendfile-*` is emulated by the module, see [what is emulated](kernel-module.md#what-is-emulated-and-what-differs-from-the-series).',
    '- The buffers differ: a heap buffer is made of large pages wherever there were any, a udmabuf of whatever the memfd has. What an importer gains or loses by that is not measured, nor is closing the buffer.',
  ].join('\n')
}

type Disk = { readonly ceiling: number; readonly judged: readonly Judged[] }

/** Runs of one disk name the same folder; disks by their measured ceiling. */
function byDisk(judged: readonly Judged[]): Disk[] {
  const folders = distinct(judged.map(({ run }) => run.plan.directory ?? run.plan.target))
  return folders
    .map(folder => {
      const own = judged.filter(({ run }) => (run.plan.directory ?? run.plan.target) === folder)
      const ceilings = own.flatMap(({ run }) => (run.ceiling === null ? [] : [run.ceiling.bytesPerSecond]))
      return { ceiling: summarize(ceilings)?.median ?? Number.NaN, judged: own }
    })
    .sort((a, b) => a.ceiling - b.ceiling)
}

function diskSection({ ceiling, judged }: Disk): string[] {
  const largestBytes = Math.max(...judged.map(each => each.bytes))
  const shown = judged.filter(
    ({ run, bytes }) => bytes === largestBytes && run.plan.gatherBytes === shownGatherBytes,
  )
  return [
    Number.isNaN(ceiling) ? '### Disk without a measured ceiling' : `### Disk at ${rateText(ceiling)}`,
    markdownTable(
      ['pages', 'size', 'gather', inKernel, inUserSpace, 'ratio', 'p', 'user space is'],
      judged.map(sideBySideRow),
    ),
    `Where the time goes at ${sizeText(largestBytes)}, gather ${sizeText(shownGatherBytes)}, medians in ms. \`alloc\` and \`read\` are busy times of their lanes and overlap.`,
    markdownTable(
      ['scheme', 'pages', 'total', 'alloc', 'of it create', 'read', 'first gather', 'allocation rate'],
      shown.flatMap(({ run, kernel, user }) => [
        timeRow(kernel, 'orders 8, 4, 0'),
        timeRow(user, pagesWord(run)),
      ]),
    ),
  ]
}

function pagesWord({ plan }: Meeting['run']): string {
  return plan.hugePages ? 'huge' : '4 KiB'
}

function sideBySideRow({ run, bytes, kernel, user, comparison }: Judged): string[] {
  const { ratio, low, high, adjustedPValue, verdict } = comparison
  return [
    pagesWord(run),
    sizeText(bytes),
    sizeText(run.plan.gatherBytes),
    intervalText(kernel),
    intervalText(user),
    `${threeDigits(ratio)} [${threeDigits(low)}, ${threeDigits(high)}]`,
    adjustedPValue < 0.001 ? '< 0.001' : adjustedPValue.toPrecision(2),
    verdict,
  ]
}

function intervalText({ summary }: Cell): string {
  return `${msText(summary.median)} [${msText(summary.low)}, ${msText(summary.high)}]`
}

function timeRow(cell: Cell, pages: string): string[] {
  const alloc = medianOf(cell, allocationNs)
  return [
    cell.scheme,
    pages,
    msText(cell.summary.median),
    msOrDash(alloc),
    msOrDash(schemeOf(cell.scheme).buffer === 'udmabuf' ? medianOf(cell, sample => sample.createNs) : null),
    msOrDash(medianOf(cell, sample => sample.readNs)),
    msOrDash(medianOf(cell, sample => sample.firstGatherNs)),
    alloc === null ? '-' : rateText(cell.bytes / (alloc / 1e9)),
  ]
}

function msOrDash(ns: number | null): string {
  return ns === null ? '-' : msText(ns)
}

function runTable(runs: readonly RunDetail[]): string {
  return markdownTable(
    ['run', 'begun', 'disk', 'pages', 'gather', 'samples'],
    runs.map(({ run, samples }) => [
      `\`${run.uuid}\``,
      run.createdAt,
      run.ceiling === null ? '-' : rateText(run.ceiling.bytesPerSecond),
      pagesWord(run),
      sizeText(run.plan.gatherBytes),
      `${samples.length}`,
    ]),
  )
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)]
}
