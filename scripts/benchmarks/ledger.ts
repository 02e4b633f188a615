import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { fillWithLargeLoad, fillWithRuns } from '../../db/fixtures/manyRuns.ts'
import { importRun } from '../../db/importRun.ts'
import { openStore } from '../../db/openStore.ts'
import { startButton } from '../../e2e/benchPage.ts'
import { exportRun } from '../../findings/exports/exportRun.ts'
import { summarize } from '../../findings/statistics/summary.ts'
import { benchFolder } from './agent.ts'
import { buildInterface, openLabPage } from './labPage.ts'
import { liveFigures } from './liveFigures.ts'
import type { BenchResult } from './result.ts'
import {
  frameCategories,
  mainThreadTasks,
  presentedFrames,
  shownFrames,
  taskCategories,
  traceEventsOf,
} from './trace.ts'

const runs = 10_000
/** Of two schemes at two sizes: a million samples. */
const repeats = 25
const largeRuns = 2
/** Its loads have 100,000 spans between them. */
const spanRun = runs + largeRuns + 1
const allRuns = spanRun
const times = 5
/** For what hangs; everything here takes seconds at the most. */
const hangMs = 120_000

type Step = readonly [name: string, measure: () => Promise<BenchResult[]>]

/**
 * The history of a busy bench: ten thousand runs with a million samples, in the hosted shell and a real Chromium. It is as
 * an old lab left it, so its answers are worked out first.
 */
export async function run(tell: (results: readonly BenchResult[]) => void): Promise<BenchResult[]> {
  buildInterface()
  const folder = mkdtempSync(join(benchFolder(), 'ledger-'))
  const file = join(folder, 'lab.db')
  fillWithRuns(file, { runs, repeats, largeRuns })
  fillWithLargeLoad(file, 100_000)
  const { browser, page, close } = await openLabPage(folder)
  page.setDefaultTimeout(hangMs)
  const steps: readonly Step[] = [
    ['listing an old history', () => firstListing(page)],
    ['working out the answers', () => untilAnswered(page)],
    ['loading the page', () => loadingFigures(page)],
    ['opening the ledger', () => openingFigures(browser, page)],
    ['filtering', () => filterFigures(browser, page)],
    ['sorting', () => sortFigures(browser, page)],
    ['scrolling', () => scrollFigures(browser, page)],
    ['opening a run', () => runFigures(browser, page)],
    ['comparing', () => compareFigures(page)],
    ['the why of 100,000 spans', () => whyFigures(browser, page)],
    ['a live run', () => liveFigures(browser, page, allRuns + 1)],
    ['exports and imports', async () => transferFigures(file, folder)],
  ]
  const all: BenchResult[] = []
  try {
    for (const [name, measure] of steps) {
      const results = await measure().catch(thrown => {
        throw new Error(`${name} did not come to its end: ${thrown}`, { cause: thrown })
      })
      tell(results)
      all.push(...results)
    }
    return all
  } finally {
    await close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function show(page: Page, view: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view, exact: true }).click()
  await page.getByRole('heading', { level: 1, name: view }).waitFor()
}

const runLink = (page: Page, runId: number) => page.getByRole('link', { name: `Run ${runId}`, exact: true })

async function firstListing(page: Page): Promise<BenchResult[]> {
  const startMs = performance.now()
  await show(page, 'Runs')
  await runLink(page, allRuns).waitFor()
  const ms = performance.now() - startMs
  return [{ name: 'first listing of an old history', value: ms, unit: 'ms' }]
}

/** How many answers are to come; `null` before the first count. */
async function pendingIn(page: Page): Promise<number | null> {
  const text = await page.getByText(/\d+ in all/).textContent()
  return /^\d+ in all$/.test(text ?? '') ? 0 : Number(/(\d+) answers? to come/.exec(text ?? '')?.[1] ?? 'NaN')
}

async function untilAnswered(page: Page): Promise<BenchResult[]> {
  const startMs = performance.now()
  const begun = (await pendingIn(page)) ?? allRuns
  let fewest = begun
  for (let lastMs = startMs; fewest > 0; ) {
    await page.waitForTimeout(1000)
    const pending = (await pendingIn(page)) ?? fewest
    if (pending < fewest) lastMs = performance.now()
    else if (performance.now() - lastMs > hangMs) throw new Error(`${pending} answers stay to come`)
    fewest = Math.min(fewest, pending)
  }
  const seconds = (performance.now() - startMs) / 1000
  return [{ name: 'answers of an old history worked out, a second', value: begun / seconds, unit: 'runs/s' }]
}

async function loadingFigures(page: Page): Promise<BenchResult[]> {
  const loaded = await repeated(async () => {
    await page.evaluate(() => window.location.assign('#/bench'))
    await page.reload({ waitUntil: 'commit' })
    await startButton(page).waitFor()
    return page.evaluate(() => performance.now())
  })
  return [
    {
      name: 'first interactive view after the page load',
      value: median(loaded, ms => ms),
      unit: 'ms',
      limit: { atMost: 1000 },
    },
  ]
}

/** `cpuMs`: of the longest task, which a busy machine does not make longer. */
type Worked = {
  readonly sumMs: number
  readonly longestMs: number
  readonly cpuMs: number
  readonly wallMs: number
}

/** What the page's main thread worked, and how long it took until `work` was through. */
async function worked(browser: Browser, page: Page, work: () => Promise<void>): Promise<Worked> {
  await browser.startTracing(page, { categories: taskCategories })
  const startMs = performance.now()
  await work()
  const wallMs = performance.now() - startMs
  // What is drawn after the last word is work as well.
  await page.waitForTimeout(300)
  const tasks = mainThreadTasks(traceEventsOf(await browser.stopTracing()))
  return {
    sumMs: tasks.wallMs.reduce((sum, ms) => sum + ms, 0),
    longestMs: Math.max(0, ...tasks.wallMs),
    cpuMs: Math.max(0, ...tasks.cpuMs),
    wallMs,
  }
}

async function openingFigures(browser: Browser, page: Page): Promise<BenchResult[]> {
  const all = await repeated(async () => {
    await show(page, 'Devices')
    return worked(browser, page, async () => {
      await show(page, 'Runs')
      await runLink(page, allRuns).waitFor()
    })
  })
  return [
    {
      name: 'opening the ledger: tasks',
      value: median(all, one => one.sumMs),
      unit: 'ms',
      limit: { atMost: 200 },
    },
    {
      name: 'opening the ledger: longest task',
      value: median(all, one => one.longestMs),
      unit: 'ms',
      limit: { atMost: 50 },
    },
    {
      name: 'opening the ledger: longest task, processor time',
      value: median(all, one => one.cpuMs),
      unit: 'ms',
    },
    {
      name: 'opening the ledger: until its rows are there',
      value: median(all, one => one.wallMs),
      unit: 'ms',
    },
  ]
}

type Deed = {
  readonly event: string
  readonly act: () => Promise<void>
  /** Runs in each frame of the page: the page's time once what was asked for is there. */
  readonly seenAt: (about: string) => number | false
  readonly about: string
}

/** What the page works on an event, and how long it is from the event until it is seen. */
async function workedOn(browser: Browser, page: Page, deed: Deed): Promise<Worked> {
  const mark = `bench ${deed.event}`
  await page.evaluate(
    ([type = '', name = '']) => {
      performance.clearMarks(name)
      window.addEventListener(type, () => performance.mark(name), { capture: true, once: true })
    },
    [deed.event, mark],
  )
  let seenMs = Number.NaN
  const tasks = await worked(browser, page, async () => {
    await deed.act()
    const seen = await page.waitForFunction(deed.seenAt, deed.about, { polling: 'raf' })
    seenMs = Number(await seen.jsonValue())
  })
  const beganMs = await page.evaluate(
    name => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN,
    mark,
  )
  return { ...tasks, wallMs: seenMs - beganMs }
}

async function filterFigures(browser: Browser, page: Page): Promise<BenchResult[]> {
  const field = page.getByRole('searchbox', { name: 'Filter runs' })
  const filters = await repeated(async () => {
    const one = await workedOn(browser, page, {
      event: 'input',
      act: () => field.fill('tag:nightly memfd-async-direct'),
      seenAt: counted =>
        new RegExp(counted).test(document.querySelector('header [role=status]')?.textContent ?? '') &&
        performance.now(),
      about: '^[0-9]+ of ',
    })
    await field.fill('')
    await page.getByText(`${allRuns} in all`, { exact: true }).waitFor()
    return one
  })
  return orderResults('filtering', filters)
}

async function sortFigures(browser: Browser, page: Page): Promise<BenchResult[]> {
  const head = (name: RegExp | string) => page.getByRole('columnheader', { name }).getByRole('button')
  const firstRun = () => document.querySelector('tbody td a')?.textContent
  const sorts = await repeated(async () => {
    const first = await page.evaluate(firstRun)
    const one = await workedOn(browser, page, {
      event: 'click',
      act: () => head('saved').click(),
      seenAt: before => document.querySelector('tbody td a')?.textContent !== before && performance.now(),
      about: first ?? '',
    })
    const sorted = await page.evaluate(firstRun)
    await head(/^run/).click()
    await page.waitForFunction(before => document.querySelector('tbody td a')?.textContent !== before, sorted)
    return one
  })
  return orderResults('sorting', sorts)
}

/** Each from the event until the rows that stand first then are there. */
function orderResults(what: string, all: readonly Worked[]): BenchResult[] {
  return [
    {
      name: `${what}, until the rows are there`,
      value: median(all, one => one.wallMs),
      unit: 'ms',
      limit: { atMost: 100 },
    },
    {
      name: `${what}: longest task`,
      value: median(all, one => one.longestMs),
      unit: 'ms',
      limit: { atMost: 50 },
    },
    { name: `${what}: longest task, processor time`, value: median(all, one => one.cpuMs), unit: 'ms' },
  ]
}

const movedMs = 4000
/** As often as a mouse tells of itself. */
const moveEveryMs = 8

/** Frames a second while something moves: `shown` are all, `renewed` those with something that the page drew anew. */
async function drawn(browser: Browser, page: Page, move: (step: number) => Promise<void>) {
  await browser.startTracing(page, { categories: [...frameCategories, ...taskCategories] })
  const startMs = performance.now()
  const moves: Promise<void>[] = []
  for (let step = 0; performance.now() - startMs < movedMs; step += 1) {
    // A hand does not wait for the page to have drawn what it did last.
    moves.push(move(step))
    await page.waitForTimeout(moveEveryMs)
  }
  await Promise.all(moves)
  const seconds = (performance.now() - startMs) / 1000
  const events = traceEventsOf(await browser.stopTracing())
  const { wallMs, cpuMs } = mainThreadTasks(events)
  return {
    shown: shownFrames(events).length / seconds,
    renewed: presentedFrames(events).length / seconds,
    longest: Math.max(0, ...wallMs),
    longestCpu: Math.max(0, ...cpuMs),
  }
}

/** Scrolled by the wheel through some hundred rows a second. */
async function scrollFigures(browser: Browser, page: Page): Promise<BenchResult[]> {
  const ledger = page.getByRole('region', { name: 'History' })
  const box = await ledger.boundingBox()
  if (box === null) throw new Error('the ledger is not in sight')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  const missing = await ledger.evaluateHandle(countMissingRows)
  const { shown, renewed, longest, longestCpu } = await drawn(browser, page, () => page.mouse.wheel(0, 60))
  const share = await missing.evaluate(stop => stop())
  return [
    { name: 'scrolling the ledger', value: shown, unit: 'frames/s', limit: { atLeast: 50 } },
    { name: 'scrolling: with other rows than before', value: renewed, unit: 'frames/s' },
    { name: 'scrolling: frames in which a row was missing', value: 100 * share, unit: '%' },
    { name: 'scrolling: longest task', value: longest, unit: 'ms', limit: { atMost: 50 } },
    { name: 'scrolling: longest task, processor time', value: longestCpu, unit: 'ms' },
  ]
}

/** In the page: looks at each frame whether the rows in sight are built. Ends with the share of those where not. */
function countMissingRows(ledger: Element): () => number {
  const counted = { frames: 0, missing: 0, ended: false }
  const look = () => {
    const box = ledger.getBoundingClientRect()
    const head = ledger.querySelector('thead')?.getBoundingClientRect().height ?? 0
    const isMissing = [...ledger.querySelectorAll('.gap, [aria-busy]')].some(gap => {
      const { top, bottom } = gap.getBoundingClientRect()
      return bottom > box.top + head + 1 && top < box.bottom - 1
    })
    counted.frames += 1
    if (isMissing) counted.missing += 1
    if (!counted.ended) requestAnimationFrame(look)
  }
  look()
  return () => {
    counted.ended = true
    return counted.missing / counted.frames
  }
}

async function runFigures(browser: Browser, page: Page): Promise<BenchResult[]> {
  const opened = await repeated(async () => {
    await page.reload()
    await show(page, 'Runs')
    const link = runLink(page, runs + 1)
    await link.waitFor()
    return worked(browser, page, async () => {
      await link.click()
      await page.getByRole('heading', { name: '5000 samples' }).waitFor()
    })
  })
  return [
    {
      name: 'opening a run of 5,000 samples',
      value: median(opened, one => one.wallMs),
      unit: 'ms',
      limit: { atMost: 400 },
    },
    { name: 'opening it: longest task', value: median(opened, one => one.longestMs), unit: 'ms' },
    { name: 'opening it: longest task, processor time', value: median(opened, one => one.cpuMs), unit: 'ms' },
  ]
}

async function compareFigures(page: Page): Promise<BenchResult[]> {
  const compared = await repeated(async () => {
    await show(page, 'Runs')
    const startMs = performance.now()
    await page.evaluate(hash => window.location.assign(hash), `#/compare/${runs + 1}/${runs + 2}`)
    await page.getByTestId('answer').waitFor()
    return performance.now() - startMs
  })
  return [
    {
      name: 'comparing two runs of 5,000 samples',
      value: median(compared, ms => ms),
      unit: 'ms',
      limit: { atMost: 1000 },
    },
  ]
}

/** Dragged to and fro over the whole timeline, zoomed in. */
async function whyFigures(browser: Browser, page: Page): Promise<BenchResult[]> {
  await page.evaluate(hash => window.location.assign(hash), `#/runs/${spanRun}`)
  const timeline = page.getByRole('region', { name: /^Median samples at / })
  await timeline.scrollIntoViewIfNeeded()
  await page
    .getByTestId('why')
    .getByText(/limit|overlap/)
    .waitFor()
  await timeline.focus()
  for (let time = 0; time < 4; time += 1) await page.keyboard.press('w')
  // What stands above it is drawn by then, and may have moved it out of sight: a drag beside it moves nothing.
  await page.waitForTimeout(1000)
  await timeline.scrollIntoViewIfNeeded()
  const box = await timeline.boundingBox()
  if (box === null) throw new Error('the timeline is not in sight')
  const moveTo = (share: number) =>
    page.mouse.move(box.x + box.width * (0.2 + 0.6 * share), box.y + box.height / 3)
  await moveTo(0)
  await page.mouse.down()
  const { shown, longest, longestCpu } = await drawn(browser, page, step => {
    const along = (step % 200) / 100
    return moveTo(along <= 1 ? along : 2 - along)
  })
  await page.mouse.up()
  return [
    {
      name: 'panning the why of 100,000 spans',
      value: shown,
      unit: 'frames/s',
      limit: { atLeast: 50 },
    },
    { name: 'panning it: longest task', value: longest, unit: 'ms' },
    { name: 'panning it: longest task, processor time', value: longestCpu, unit: 'ms' },
  ]
}

/** Exports and imports as the lab does them, without a page. */
function transferFigures(file: string, folder: string): BenchResult[] {
  const store = openStore(file)
  const detail = store.runs.getRun(runs + 1)
  const csvMs = timed(() => exportRun(detail, () => [], 'csv'))
  const json = exportRun(detail, sampleId => store.runs.getSpans(sampleId), 'json').text
  store.close()
  const importMs = Array.from({ length: times }, (_, place) => {
    const other = openStore(join(folder, `import-${place}.db`))
    const startMs = performance.now()
    importRun(json, other.runs)
    const ms = performance.now() - startMs
    other.close()
    return ms
  })
  return [
    {
      name: 'CSV export',
      value: detail.samples.length / (csvMs / 1000),
      unit: 'rows/s',
      limit: { atLeast: 200_000 },
    },
    {
      name: 'importing a run of 5,000 samples',
      value: median(importMs, ms => ms),
      unit: 'ms',
      limit: { atMost: 1000 },
    },
  ]
}

function timed(work: () => unknown): number {
  const all = Array.from({ length: times }, () => {
    const startMs = performance.now()
    work()
    return performance.now() - startMs
  })
  return median(all, ms => ms)
}

async function repeated<T>(work: () => Promise<T>): Promise<T[]> {
  const all: T[] = []
  for (let time = 0; time < times; time += 1) all.push(await work())
  return all
}

function median<T>(all: readonly T[], of: (one: T) => number): number {
  return summarize(all.map(of))?.median ?? Number.NaN
}
