import { fillPlan, runToEnd } from './benchPage.ts'
import { expect, test } from './labTest.ts'

/** What every platform's desktop must do at least: a window, a simulated run, a page that comes back, an end. */
test('a window opens, measures a simulated device, and survives the death of its page', async ({
  lab: { page, shell, standIn, faults },
}) => {
  test.skip(shell === 'hosted', 'a browser has its own windows and pages')
  await expect(page.getByRole('heading', { level: 1, name: 'Bench' })).toBeVisible()
  if (standIn !== null) expect((await standIn.look()).visible).toBe(true)
  await page.getByRole('combobox', { name: 'Target' }).selectOption('sim:ufs4-phone-2024')
  await fillPlan(page, { schemes: ['normal', 'udmabuf-direct'], sizes: ['8MiB'], repeats: 2 })
  await runToEnd(page, 1)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Bench' })).toBeVisible()
  faults.splice(0)
})
