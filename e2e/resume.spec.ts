import { fillPlan, openView } from './benchPage.ts'
import { expect, test } from './labTest.ts'

test('a run that Esc cancels keeps what was measured and can be resumed', async ({ lab: { page } }) => {
  await fillPlan(page, { schemes: ['memfd-buffered', 'memfd-direct'], sizes: ['16MiB'], repeats: 12 })
  await page.keyboard.press('F5')
  await expect(page.getByRole('progressbar', { name: 'Samples done' })).toHaveAttribute('value', /[1-9]/)
  await page.keyboard.press('Escape')
  await expect(page.getByText(/^Run 1 cancelled: \d+ of 26 samples kept/)).toBeVisible()

  await openView(page, 'Runs')
  await page.getByRole('link', { name: 'Run 1' }).click()
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByText(/^Run 1 finished: /)).toBeVisible()
})
