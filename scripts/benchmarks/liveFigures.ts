import type { Browser, Page } from '@playwright/test'
import { fillPlan, startButton } from '../../e2e/benchPage.ts'
import type { BenchResult } from './result.ts'
import { mainThreadTasks, taskCategories, traceEventsOf } from './trace.ts'

const plan = {
  schemes: ['memfd-buffered', 'memfd-direct', 'memfd-gather-direct'],
  sizes: ['512KiB', '8MiB'],
  repeats: 150,
}
const samples = plan.schemes.length * plan.sizes.length * (plan.repeats + 1)
const hangMs = 600_000

/**
 * The bench while the samples of a run, the next of its history, stream in: more a minute than the lab is made for. They
 * are simulated, because a real load takes its time, and empties the caches that the page is drawn from.
 */
export async function liveFigures(browser: Browser, page: Page, runId: number): Promise<BenchResult[]> {
  await page.evaluate(() => window.location.assign('#/bench'))
  await page.getByRole('combobox', { name: 'Target' }).selectOption('sim:ufs4-phone-2024')
  await fillPlan(page, plan)
  await page.waitForTimeout(500)
  await browser.startTracing(page, { categories: taskCategories })
  const startMs = performance.now()
  await startButton(page).click()
  await page.getByText(`Run ${runId} finished:`).waitFor({ timeout: hangMs })
  const minutes = (performance.now() - startMs) / 60_000
  const { wallMs } = mainThreadTasks(traceEventsOf(await browser.stopTracing()))
  return [
    {
      name: 'samples of a live simulated run',
      value: samples / minutes,
      unit: 'samples/min',
      limit: { atLeast: 2000 },
    },
    {
      name: 'longest task of the page meanwhile',
      value: Math.max(0, ...wallMs),
      unit: 'ms',
      limit: { atMost: 50 },
    },
  ]
}
