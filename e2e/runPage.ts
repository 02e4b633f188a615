import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { type ExportedRun, type ExportFormat, exportedRunSchema } from '../contract/run.ts'
import { openView } from './benchPage.ts'
import { expect, labOf } from './labTest.ts'

export async function openRun(page: Page, runId: number): Promise<void> {
  await openView(page, 'Runs')
  await page.getByRole('link', { name: `Run ${runId}`, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: `Run ${runId}` })).toBeVisible()
}

const exportItems = {
  csv: 'Samples as CSV',
  json: 'Whole run as JSON',
  perfetto: 'Trace for Perfetto',
  text: 'Table as text',
  markdown: 'Report as Markdown',
} as const satisfies Partial<Record<ExportFormat, string>>

/** The run that is open, in one of the export formats. */
export async function download(page: Page, format: keyof typeof exportItems): Promise<string> {
  const { saveTo, dataFolder } = labOf(page)
  const press = async () => {
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByRole('menuitem', { name: exportItems[format] }).click()
  }
  if (saveTo === null) {
    const coming = page.waitForEvent('download')
    await press()
    return readFileSync(await (await coming).path(), 'utf8')
  }
  const file = join(dataFolder, `saved-${Date.now()}.${format}`)
  await saveTo(file)
  await press()
  await expect(page.getByText(`${file} is saved.`)).toBeVisible()
  return readFileSync(file, 'utf8')
}

/** What the store has of a run. */
export async function storedRun(page: Page, runId: number): Promise<ExportedRun> {
  await openRun(page, runId)
  return exportedRunSchema.parse(JSON.parse(await download(page, 'json')))
}
