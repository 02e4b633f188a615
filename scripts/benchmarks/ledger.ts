import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { fillWithRuns } from '../../db/fixtures/manyRuns.ts'
import { importRun } from '../../db/importRun.ts'
import { openStore } from '../../db/openStore.ts'
import { openView } from '../../e2e/benchPage.ts'
import { exportRun } from '../../findings/exports/exportRun.ts'
import { summarize } from '../../findings/statistics/summary.ts'
import { benchFolder } from './agent.ts'
import { buildInterface, openLabPage } from './labPage.ts'
import type { BenchResult } from './result.ts'
import { frameCategories, mainThreadTasks, presentedFrames, taskCategories, traceEventsOf } from './trace.ts'

const runs = 10_000
/** Of two schemes at two sizes: a million samples. */
const repeats = 25
const largeRuns = 2
const times = 5

/**
 * The history of a busy bench: ten thousand runs with a million samples, in the hosted shell and a real Chromium. The
 * answers are worked out before, as they are once a lab has been open for a while.
 */
export async function run(): Promise<BenchResult[]> {
  buildInterface()
  const folder = mkdtempSync(join(benchFolder(), 'ledger-'))
  const file = join(folder, 'lab.db')
  fillWithRuns(file, { runs, repeats, largeRuns })
  const { browser, page, close } = await openLabPage(folder)
  try {
    page.setDefaultTimeout(600_000)
    const filled = await untilAnswered(page)
    return [
      filled,
      ...(await openingFigures(browser, page)),
      ...(await orderFigures(browser, page)),
      ...(await scrollFigures(browser, page)),
      ...(await runFigures(browser, page)),
      ...(await compareFigures(page)),
      ...transferFigures(file, folder),
    ]
  } finally {
    await close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const countOf = (page: Page) => page.getByText(/\d+ in all|\d+ of \d+/)

async function untilAnswered(page: Page): Promise<BenchResult> {
  await openView(page, 'Runs')
  const startMs = performance.now()
  await page.getByText(`${runs + largeRuns} in all`, { exact: true }).waitFor({ timeout: 3_600_000 })
  return {
    name: 'answers of an old history worked out, a second',
    value: (runs + largeRuns) / ((performance.now() - startMs) / 1000),
    unit: 'runs/s',
  }
}

type Worked = { readonly sumMs: number; readonly longestMs: number; readonly wallMs: number }

/** What the page's main thread worked, and how long it took until `work` was through. */
async function worked(browser: Browser, page: Page, work: () => Promise<void>): Promise<Worked> {
  await browser.startTracing(page, { categories: taskCategories })
  const startMs = performance.now()
  await work()
  const wallMs = performance.now() - startMs
  // What is drawn after the last word is work as well.
  await page.waitForTimeout(300)
  const { wallMs: tasks } = mainThreadTasks(traceEventsOf(await browser.stopTracing()))
  return { sumMs: tasks.reduce((sum, ms) => sum + ms, 0), longestMs: Math.max(0, ...tasks), wallMs }
}

async function openingFigures(browser: Browser, page: Page): Promise<BenchResult[]> {
  const all = await repeated(async () => {
    await openView(page, 'Devices')
    return worked(browser, page, async () => {
      await openView(page, 'Runs')
      await page.getByRole('link', { name: `Run ${runs + largeRuns}`, exact: true }).waitFor()
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
      name: 'opening the ledger: until its rows are there',
      value: median(all, one => one.wallMs),
      unit: 'ms',
    },
  ]
}

/** From the keystroke or click until the row that stands first then is there. */
async function orderFigures(browser: Browser, page: Page): Promise<BenchResult[]> {
  const field = page.getByRole('searchbox', { name: 'Filter runs' })
  const filters = await repeated(async () => {
    const one = await worked(browser, page, async () => {
      await field.fill('tag:nightly memfd-async-direct')
      await page.getByText(new RegExp(`^\\d+ of ${runs + largeRuns}$`)).waitFor()
    })
    await field.fill('')
    await page.getByText(`${runs + largeRuns} in all`, { exact: true }).waitFor()
    return one
  })
  const head = page.getByRole('columnheader', { name: 'saved' })
  const sorts = await repeated(async () => {
    const first = await page.getByRole('row').nth(1).textContent()
    const one = await worked(browser, page, async () => {
      await head.getByRole('button').click()
      await page.waitForFunction(
        before => document.querySelectorAll('tr')[1]?.textContent !== before,
        first,
        {
          polling: 'raf',
        },
      )
    })
    await page.getByRole('columnheader', { name: /^run/ }).getByRole('button').click()
    await countOf(page).first().waitFor()
    await page.waitForTimeout(500)
    return one
  })
  return [
    {
      name: 'filtering, until the rows are there',
      value: median(filters, one => one.wallMs),
      unit: 'ms',
      limit: { atMost: 100 },
    },
    {
      name: 'filtering: longest task',
      value: median(filters, one => one.longestMs),
      unit: 'ms',
      limit: { atMost: 50 },
    },
    {
      name: 'sorting, until the rows are there',
      value: median(sorts, one => one.wallMs),
      unit: 'ms',
      limit: { atMost: 100 },
    },
    {
      name: 'sorting: longest task',
      value: median(sorts, one => one.longestMs),
      unit: 'ms',
      limit: { atMost: 50 },
    },
  ]
}

const scrollMs = 4000

/** Scrolled by the wheel through some hundred rows a second. */
async function scrollFigures(browser: Browser, page: Page): Promise<BenchResult[]> {
  const box = await page.getByRole('region', { name: 'History' }).boundingBox()
  if (box === null) throw new Error('the ledger is not in sight')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await browser.startTracing(page, { categories: [...frameCategories, ...taskCategories] })
  const startMs = performance.now()
  while (performance.now() - startMs < scrollMs) {
    await page.mouse.wheel(0, 60)
    await page.waitForTimeout(8)
  }
  const seconds = (performance.now() - startMs) / 1000
  const events = traceEventsOf(await browser.stopTracing())
  const { wallMs } = mainThreadTasks(events)
  return [
    {
      name: 'scrolling the ledger',
      value: presentedFrames(events).length / seconds,
      unit: 'frames/s',
      limit: { atLeast: 50 },
    },
    { name: 'scrolling: longest task', value: Math.max(0, ...wallMs), unit: 'ms', limit: { atMost: 50 } },
  ]
}

async function runFigures(browser: Browser, page: Page): Promise<BenchResult[]> {
  const opened = await repeated(async () => {
    await page.reload()
    await openView(page, 'Runs')
    const link = page.getByRole('link', { name: `Run ${runs + 1}`, exact: true })
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
  ]
}

async function compareFigures(page: Page): Promise<BenchResult[]> {
  const compared = await repeated(async () => {
    await openView(page, 'Runs')
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
