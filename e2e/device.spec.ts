import type { Page } from '@playwright/test'
import { sampleKey } from '../contract/sample.ts'
import { MiB } from '../contract/size.ts'
import { fillPlan, openView, runToEnd, startButton } from './benchPage.ts'
import { expect, test } from './deviceTest.ts'
import { storedRun } from './runPage.ts'

test('a device is chosen, measured, charted, lost and found again', async ({ lab: { page }, device }) => {
  await test.step('its loads into a real heap and udmabuf are stored', () => runOnDevice(page, device.target))
  await test.step('the devices view tells what it can do', () => readDevice(page, device.target))
  await test.step('it runs beside this machine', () => runBesideLocal(page))
  await test.step('what it measured before its emulator died is kept', () => loseDevice(page, device.kill))
  await test.step('the run is finished once it is back', async () => {
    await device.startAgain()
    await resumeRun(page)
  })
})

async function runOnDevice(page: Page, target: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Target' }).selectOption(target)
  await fillPlan(page, {
    schemes: ['normal', 'udmabuf-direct', 'udmabuf-gather-direct'],
    sizes: ['1MiB', '4MiB'],
    repeats: 1,
  })
  await runToEnd(page, 1)
  const { run, samples, spans } = await storedRun(page, 1)
  expect(run).toMatchObject({ plan: { target }, status: 'finished' })
  expect(samples).toHaveLength(3 * 2 * (1 + 1))
  for (const sample of samples) {
    expect(sample).toMatchObject({ status: 'ok', verified: true, cold: true, simulated: false })
    expect(spans.filter(span => span.sampleIndex === sample.index).length).toBeGreaterThan(2)
  }
  expect(new Set(samples.map(sample => sample.bytes))).toEqual(new Set([MiB, 4 * MiB]))
  await expect(page.getByRole('heading', { name: '12 samples' })).toBeVisible()
}

async function readDevice(page: Page, target: string): Promise<void> {
  await openView(page, 'Devices')
  await page.getByRole('button', { name: target }).click()
  const matrix = page.getByRole('table', { name: 'Capabilities' })
  const rowOf = (scheme: string) =>
    matrix.getByRole('row').filter({ has: page.getByRole('rowheader', { name: scheme, exact: true }) })
  for (const scheme of ['normal', 'udmabuf-direct', 'udmabuf-gather-direct'])
    await expect(rowOf(scheme)).toContainText('can run')
  await expect(rowOf('sendfile-direct')).toContainText('EINVAL')
  await expect(rowOf('read-async-direct')).toContainText('needs the kernel module')
  await expect(page.getByTestId('ceiling')).toContainText('B/s')
  await expect(page.getByRole('link', { name: /^1, / })).toBeVisible()
}

async function runBesideLocal(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1600, height: 900 })
  await openView(page, 'Bench')
  await page.getByRole('button', { name: 'Add a target' }).click()
  await expect(page.getByRole('combobox', { name: 'Target 2' })).toHaveValue('local')
  await fillPlan(page, { schemes: ['memfd-direct', 'memfd-gather-direct'], sizes: ['4MiB'], repeats: 2 })
  // What the device reads at most is known from the first run.
  await page.getByRole('checkbox', { name: 'measure the ceiling first' }).uncheck()
  await startButton(page).click()
  const live = page.getByRole('region', { name: 'Live' }).getByRole('article')
  await expect(live.getByText(/^Run [23] finished: 6 of 6 samples kept/)).toHaveCount(2)
  const [first, second] = await Promise.all([live.nth(0).boundingBox(), live.nth(1).boundingBox()])
  expect(first?.y, 'side by side').toBe(second?.y)
  for (const article of await live.all()) await expect(article.locator('figure.size canvas')).toBeVisible()
  const runs = [(await storedRun(page, 2)).run, (await storedRun(page, 3)).run]
  const started = runs.map(run => run.createdAt).toSorted()
  const ended = runs.map(run => run.endedAt ?? '').toSorted()
  expect(started.at(-1)?.localeCompare(ended[0] ?? ''), 'both at once').toBe(-1)
}

async function loseDevice(page: Page, kill: () => void): Promise<void> {
  await openView(page, 'Bench')
  await page.getByRole('button', { name: 'Remove target 2' }).click()
  await fillPlan(page, { schemes: ['normal'], sizes: ['8MiB'], repeats: 9 })
  await startButton(page).click()
  await expect(page.getByRole('progressbar', { name: 'Samples done' })).toHaveAttribute('value', /[1-9]/)
  kill()
  await expect(
    page.getByText(/^Run 4 interrupted: \d+ of 10 samples kept\. the device \S+ is gone/i),
  ).toBeVisible()
}

async function resumeRun(page: Page): Promise<void> {
  const before = await storedRun(page, 4)
  expect(before.run.status).toBe('interrupted')
  expect(before.samples.length).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByText(/^Run 4 finished: 10 of 10/)).toBeVisible()
  const { samples } = await storedRun(page, 4)
  expect(new Set(samples.map(sampleKey)).size).toBe(10)
  expect(samples.slice(0, before.samples.length)).toEqual(before.samples)
}
