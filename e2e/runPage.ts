import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { type ExportedRun, exportedRunSchema } from '../contract/run.ts'
import { openView } from './benchPage.ts'
import { expect } from './labTest.ts'

export async function openRun(page: Page, runId: number): Promise<void> {
  await openView(page, 'Runs')
  await page.getByRole('link', { name: `Run ${runId}`, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: `Run ${runId}` })).toBeVisible()
}

/** The run that is open, in one of the export formats. */
export async function download(page: Page, format: string): Promise<string> {
  const coming = page.waitForEvent('download')
  await page.getByRole('group', { name: 'Export' }).getByRole('button', { name: format, exact: true }).click()
  return readFileSync(await (await coming).path(), 'utf8')
}

/** What the store has of a run. */
export async function storedRun(page: Page, runId: number): Promise<ExportedRun> {
  await openRun(page, runId)
  return exportedRunSchema.parse(JSON.parse(await download(page, 'json')))
}
