import { exportedRunSchema } from '../contract/run.ts'
import { MiB } from '../contract/size.ts'
import { csvHeader } from '../findings/exports/csv.ts'
import { fillPlan, openView, runToEnd } from './benchPage.ts'
import { expect, test } from './labTest.ts'
import { download } from './runPage.ts'

const plan = { schemes: ['memfd-direct', 'memfd-gather-direct'], sizes: ['8MiB', '32MiB'], repeats: 2 }
const samplesPlanned = 2 * 2 * (2 + 1)

test('a real file is loaded, charted live, kept and exported', async ({ lab: { page } }) => {
  await fillPlan(page, plan)
  await expect(page.getByText(`${samplesPlanned} samples`)).toBeVisible()
  await runToEnd(page, 1)

  await test.step('the bench says the answer and shows what it rests on', async () => {
    await expect(page.getByTestId('answer')).toContainText('At 32 MiB')
    await expect(page.getByTestId('answer')).toContainText('Mann-Whitney')
    await expect(page.getByRole('heading', { name: /^Latest sample: / })).toBeVisible()
    await expect(page.getByText(`${samplesPlanned} of ${samplesPlanned} samples kept`)).toBeVisible()
  })

  await test.step('the history has it, and opens it', async () => {
    await openView(page, 'Runs')
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'Run 1' }) })
    await expect(row).toContainText('finished')
    await expect(row).toContainText('memfd-')
    await row.getByRole('link', { name: 'Run 1' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Run 1' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'The two formulas', exact: true })).toContainText(
      'T(first gather)',
    )
    await expect(page.getByRole('heading', { name: `${samplesPlanned} samples` })).toBeVisible()
  })

  const exported = await test.step('JSON holds every sample with its spans', async () => {
    const run = exportedRunSchema.parse(JSON.parse(await download(page, 'json')))
    expect(run.samples).toHaveLength(samplesPlanned)
    for (const sample of run.samples) {
      expect(sample).toMatchObject({ status: 'ok', verified: true, simulated: false })
      expect(run.spans.filter(span => span.sampleIndex === sample.index).length).toBeGreaterThan(2)
    }
    expect(new Set(run.samples.map(sample => sample.bytes))).toEqual(new Set([8 * MiB, 32 * MiB]))
    return run
  })

  await test.step('CSV holds the same samples', async () => {
    const lines = (await download(page, 'csv')).trimEnd().split(/\r?\n/)
    expect(lines[0]).toBe(csvHeader)
    expect(lines).toHaveLength(samplesPlanned + 1)
    const totals = lines
      .slice(1)
      .map(line => Number(line.split(',')[csvHeader.split(',').indexOf('totalNs')]))
    expect(totals).toEqual(exported.samples.map(sample => sample.totalNs))
  })

  await test.step('the history forgets it, and has it again when that is undone', async () => {
    await openView(page, 'Runs')
    await page.getByRole('button', { name: 'Delete run 1' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('link', { name: 'Run 1' })).toBeVisible()
    await page.getByRole('button', { name: 'Delete run 1' }).click()
    await expect(page.getByRole('heading', { name: 'No run yet' })).toBeVisible()
  })
})
