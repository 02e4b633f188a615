import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { exportedRunSchema } from '../contract/run.ts'
import { MiB } from '../contract/size.ts'
import { fillPlan, runToEnd } from './benchPage.ts'
import { expect, test } from './labTest.ts'
import { download } from './runPage.ts'

test('a file of the user is measured as it is', async ({ lab: { page, dataFolder } }) => {
  const own = `${dataFolder}/model.bin`
  writeFileSync(own, randomBytes(3 * MiB + 77))
  await fillPlan(page, { schemes: ['memfd-direct'], sizes: [], repeats: 2 })
  await page
    .getByRole('radio', { name: 'my own' })
    .or(page.getByRole('button', { name: 'my own' }))
    .first()
    .click()
  await page.getByRole('textbox', { name: 'Path of the file on the target' }).fill(own)
  await expect(page.getByText(own)).toBeVisible()
  await runToEnd(page, 1)
  await page.getByRole('link', { name: 'Open run 1' }).click()
  const run = exportedRunSchema.parse(JSON.parse(await download(page, 'json')))
  expect(run.samples.map(sample => [sample.bytes, sample.verified])).toEqual(
    Array(3).fill([3 * MiB + 77, true]),
  )
})
