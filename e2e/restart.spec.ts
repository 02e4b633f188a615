import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { fillPlan, openView, startButton } from './benchPage.ts'
import { startHostedShell } from './hostedShell.ts'
import { expect, test } from './labTest.ts'

const longPlan = { schemes: ['memfd-buffered', 'memfd-direct'], sizes: ['16MiB'], repeats: 40 }

async function killDuringRun(page: Page, serverPid: number): Promise<void> {
  await fillPlan(page, longPlan)
  await startButton(page).click()
  await expect(page.getByRole('progressbar', { name: 'Samples done' })).toHaveAttribute('value', /[1-9]/)
  process.kill(serverPid, 'SIGKILL')
  await expect(page.getByRole('alert').filter({ hasText: 'The link to the lab dropped' })).toBeVisible()
}

/** The page is left first: it would go on asking a lab that is gone, and say so after the last look at what it said. */
async function leave(page: Page, next: { close(): Promise<void> }, faults: string[]): Promise<void> {
  await page.goto('about:blank')
  await next.close()
  faults.splice(0)
}

test('a lab that dies during a run is said, and the next one has what it measured', async ({ lab }) => {
  const { page, dataFolder, serverPid, faults } = lab
  test.skip(serverPid === null, 'the desktop shell ends with its window')
  await killDuringRun(page, serverPid ?? 0)

  const next = await startHostedShell(dataFolder)
  try {
    await page.goto(next.url)
    await expect(page.getByText('Run 1 was interrupted')).toBeVisible()
    await openView(page, 'Runs')
    await expect(page.getByRole('row').filter({ hasText: 'interrupted' })).toContainText(/[1-9]\d*\/82/)
  } finally {
    await leave(page, next, faults)
  }
})

test('a run whose lab cannot be seen is freed by who cancels it and then abandons it', async ({ lab }) => {
  const { page, dataFolder, serverPid, faults } = lab
  test.skip(serverPid === null, 'the desktop shell ends with its window')
  await killDuringRun(page, serverPid ?? 0)
  // As where a synchronized folder brought the database and not its lab's lock.
  const locks = readdirSync(dataFolder).filter(name => name.includes('.owner-'))
  expect(locks).not.toEqual([])
  for (const name of locks) rmSync(join(dataFolder, name))

  const next = await startHostedShell(dataFolder)
  try {
    await page.goto(next.url)
    await openView(page, 'Runs')
    const row = page.getByRole('row').filter({ hasText: 'running' })
    await row.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('button', { name: 'Abandon run 1' }).click()
    await expect(page.getByText('Run 1 is abandoned. It can be resumed.')).toBeVisible()
    await expect(page.getByRole('row').filter({ hasText: 'interrupted' })).toContainText(/[1-9]\d*\/82/)
  } finally {
    await leave(page, next, faults)
  }
})

test('a page that is loaded again during a run shows the run as it is', async ({ lab: { page } }) => {
  await fillPlan(page, longPlan)
  await startButton(page).click()
  await expect(page.getByRole('progressbar', { name: 'Samples done' })).toHaveAttribute('value', /[1-9]/)
  await page.reload()
  await expect(page.getByRole('progressbar', { name: 'Samples done' })).toHaveAttribute('value', /[1-9]/)
  await page.keyboard.press('Escape')
  await expect(page.getByText(/^Run 1 cancelled: \d+ of 82 samples kept/)).toBeVisible()
})

test('a run that another tab deletes is gone here, and says so', async ({ lab: { page, shell } }) => {
  test.skip(shell !== 'hosted', 'the desktop shell has one window')
  await fillPlan(page, { schemes: ['memfd-direct'], sizes: ['1MiB'], repeats: 2 })
  await startButton(page).click()
  await page.getByRole('link', { name: 'Open run 1' }).click()
  await expect(page.getByRole('region', { name: 'Samples', exact: true })).toBeVisible()
  const other = await page.context().newPage()
  await other.goto(page.url())
  await openView(other, 'Runs')
  await other.getByRole('button', { name: 'Delete run 1' }).click()
  await expect(page.getByRole('heading', { name: 'There is no run 1' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'There is no run 1' })).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
})
