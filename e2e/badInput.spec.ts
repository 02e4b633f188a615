import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { fillPlan, openView, optionField, startButton } from './benchPage.ts'
import { expect, test } from './labTest.ts'

test('what is wrong is said beside it, and becomes no run', async ({ lab: { page, dataFolder } }) => {
  await test.step('what is wrong with a plan is said beside it, and nothing can be started', () =>
    planWrongly(page))
  await test.step('a file that cannot be loaded says why', () => chooseBadFiles(page, dataFolder))
  await test.step('a size that no memory holds is refused beside Start and becomes no run', () =>
    planTooLarge(page))
  await test.step('an imported file that is no run leaves the history as it was', () =>
    importNoRun(page, dataFolder))
})

async function planWrongly(page: Page): Promise<void> {
  await fillPlan(page, { schemes: ['memfd-direct'], sizes: ['8MiB'], repeats: 2 })
  await optionField(page, 'gather').fill('0')
  await expect(startButton(page)).toBeDisabled()
  await optionField(page, 'gather').fill('8MiB')
  await expect(startButton(page)).toBeEnabled()
  await page.getByRole('textbox', { name: 'Another size' }).fill('8 bananas')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('"8 bananas" is not a size')
}

async function chooseBadFiles(page: Page, dataFolder: string): Promise<void> {
  // What was complained of last is gone.
  await page.reload()
  await expect(startButton(page)).toBeEnabled()
  const empty = join(dataFolder, 'empty.bin')
  writeFileSync(empty, '')
  const source = page.getByRole('group', { name: 'File', exact: true })
  await source.getByRole('button', { name: 'my own' }).click()
  const path = page.getByRole('textbox', { name: 'Path of the file on the target' })
  await path.fill(join(dataFolder, 'nowhere.bin'))
  await expect(page.getByRole('alert')).toContainText(/does not exist|No such file|missing/i)
  await path.fill(empty)
  await expect(page.getByRole('alert')).toContainText('empty')
  await path.fill(dataFolder)
  await expect(page.getByRole('alert')).toContainText('directory')
  await expect(startButton(page)).toBeDisabled()
  await source.getByRole('button', { name: 'generated' }).click()
  await expect(startButton(page)).toBeEnabled()
}

async function planTooLarge(page: Page): Promise<void> {
  await fillPlan(page, { schemes: ['memfd-buffered'], sizes: ['900TiB'], repeats: 1 })
  await expect(page.getByText(/a buffer of 900 TiB does not fit into the .* of memory/)).toBeVisible()
  await expect(startButton(page)).toBeDisabled()
  await page.keyboard.press('F5')
  await openView(page, 'Runs')
  await expect(page.getByRole('heading', { name: 'No run yet' })).toBeVisible()
}

async function importNoRun(page: Page, dataFolder: string): Promise<void> {
  await page.reload()
  const file = join(dataFolder, 'no-run.json')
  writeFileSync(file, '{"schemaVersion": 1}')
  await openView(page, 'Runs')
  const input = page.locator('input[type=file]')
  const first = await input.elementHandle()
  await input.setInputFiles(file)
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'No run yet' })).toBeVisible()
  // Whoever chooses a file while the list comes has it taken all the same.
  expect(await first?.evaluate(node => node.isConnected)).toBe(true)
}
