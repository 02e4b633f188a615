import { fillPlan, openView, runToEnd } from './benchPage.ts'
import { expect, test } from './labTest.ts'

test('the published figures stand beside the simulated ones, with what does not fit together', async ({
  lab: { page },
}) => {
  await openView(page, 'Published')
  await expect(page.getByTestId('answer')).toContainText('pairs of schemes')
  await expect(page.getByRole('list', { name: 'What does not fit together' })).toContainText('5.65')
  const table = page.getByRole('table', { name: 'Published figures' })
  await expect(table.getByRole('row')).toHaveCount(1 + 33)
  await expect(table.getByRole('row', { name: /sendfile-direct.*3 GiB/ })).toContainText('9780')
  await page.getByRole('button', { name: 'v1-2024-07-11' }).click()
  await expect(table.getByRole('row')).toHaveCount(1 + 6)
  await expect(page.getByText('4 GiB of memory pressure (stressapptest)').first()).toBeVisible()
})

test('the model follows its sliders, and goes back to the profile', async ({ lab: { page } }) => {
  await openView(page, 'Model')
  const answer = page.getByTestId('answer')
  await expect(answer).toContainText('At 3 GiB read-async-direct is fastest')
  await expect(answer).toContainText('is within 2 % of the best')
  const before = (await answer.textContent()) ?? ''
  await page.getByRole('slider', { name: /^storage bandwidth/ }).focus()
  for (let step = 0; step < 8; step++) await page.keyboard.press('ArrowLeft')
  await expect(answer).not.toHaveText(before)
  await page.getByRole('button', { name: 'Back to the profile' }).click()
  await expect(answer).toHaveText(before)
  const formulas = page.getByRole('table', { name: 'The two formulas' })
  await expect(formulas.getByRole('row', { name: /read-async-direct/ })).toContainText('95 %')
})

test('a restricted heap is said where its schemes would stand', async ({ lab: { page } }) => {
  await openView(page, 'Model')
  await page.getByRole('combobox', { name: 'profile' }).selectOption('ufs4-phone-restricted-heap')
  const formulas = page.getByRole('table', { name: 'The two formulas' })
  await expect(formulas.getByRole('row', { name: /read-async-direct/ })).toContainText('restricted heap')
})

test('a profile is calibrated on a measured run, and the model goes on with it', async ({
  lab: { page },
}) => {
  await fillPlan(page, {
    schemes: ['memfd-buffered', 'memfd-direct', 'memfd-gather-direct'],
    sizes: ['2MiB', '8MiB', '32MiB'],
    repeats: 3,
  })
  await runToEnd(page, 1)
  await openView(page, 'Model')
  await page.getByText('Calibrate on a measured run').click()
  const name = page.getByRole('textbox', { name: 'name' })
  const calibrate = page.getByRole('button', { name: 'Calibrate' })
  await name.fill('Not A Name')
  await calibrate.click()
  await expect(page.getByRole('alert')).toContainText('a profile name has small letters')
  await name.fill('this-machine')
  await calibrate.click()
  await expect(page.getByRole('status')).toContainText('Kept as this-machine', { timeout: 60_000 })
  await expect(page.getByRole('combobox', { name: 'profile' })).toHaveValue('this-machine')
})
