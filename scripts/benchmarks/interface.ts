import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { fillPlan, openView, startButton } from '../../e2e/benchPage.ts'
import { benchFolder } from './agent.ts'
import { buildInterface, openLabPage } from './labPage.ts'
import type { BenchResult } from './result.ts'
import { sliderMoves } from './sliderMoves.ts'
import { terminalRun } from './terminalRun.ts'
import { mainThreadTasks, type Tasks, taskCategories, traceEventsOf } from './trace.ts'

const longestTask = { atMost: 50 }

/** How the hosted shell feels in a real Chromium: while a run streams in, on opening a large run, and under a slider. */
export async function run(): Promise<BenchResult[]> {
  buildInterface()
  const folder = mkdtempSync(join(benchFolder(), 'home-'))
  const { browser, page, close } = await openLabPage(folder)
  try {
    return [
      ...(await duringRun(browser, page)),
      ...(await openLargeRun(browser, page, folder)),
      ...(await sliderMoves(browser, page)),
    ]
  } finally {
    await close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function tasksDuring(browser: Browser, page: Page, work: () => Promise<void>): Promise<Tasks> {
  await browser.startTracing(page, { categories: taskCategories })
  await work()
  return mainThreadTasks(traceEventsOf(await browser.stopTracing()))
}

async function duringRun(browser: Browser, page: Page): Promise<BenchResult[]> {
  await fillPlan(page, {
    schemes: ['memfd-buffered', 'memfd-direct', 'memfd-gather-direct'],
    sizes: ['8MiB', '64MiB', '256MiB'],
    repeats: 10,
  })
  await page.waitForTimeout(500)
  const { wallMs, cpuMs } = await tasksDuring(browser, page, async () => {
    await startButton(page).click()
    await page.getByText('Run 1 finished:').waitFor({ timeout: 300_000 })
  })
  return [
    {
      name: "longest task of the page's main thread during a run of 99 samples",
      value: Math.max(0, ...wallMs),
      unit: 'ms',
      limit: longestTask,
    },
    { name: 'the same in processor time', value: Math.max(0, ...cpuMs), unit: 'ms' },
    { name: 'tasks in the trace', value: wallMs.length, unit: 'tasks', limit: { atLeast: 100 } },
  ]
}

const largeRun = [
  '--target',
  'sim:ufs4-phone-2024',
  '--schemes',
  'all',
  '--sizes',
  '512KiB,8MiB,32MiB,128MiB',
]
const largeRunRepeats = 58

async function openLargeRun(browser: Browser, page: Page, home: string): Promise<BenchResult[]> {
  const options = [...largeRun, '--repeats', `${largeRunRepeats}`]
  const { run, samples } = terminalRun({ options, home, silent: true })
  await openView(page, 'Runs')
  await page.reload()
  const link = page.getByRole('link', { name: `Run ${run.id}`, exact: true })
  await link.waitFor()
  await page.waitForTimeout(500)
  const { wallMs, cpuMs } = await tasksDuring(browser, page, async () => {
    await link.click()
    await page.getByRole('heading', { name: `${samples.length} samples` }).waitFor()
    await page.waitForTimeout(1000)
  })
  return [
    {
      name: 'samples of the large run',
      value: samples.length,
      unit: 'samples',
      limit: { atLeast: 5000 },
    },
    {
      name: "longest task of the page's main thread on opening it",
      value: Math.max(0, ...wallMs),
      unit: 'ms',
      limit: longestTask,
    },
    { name: 'the same in processor time', value: Math.max(0, ...cpuMs), unit: 'ms' },
  ]
}
