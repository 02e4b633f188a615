import { fillPlan, openView, startButton } from './benchPage.ts'
import { expect, test } from './labTest.ts'

test('one button shows the effect, and the result is there after a reload', async ({ lab: { page } }) => {
  await expect(page.getByText('shared memory', { exact: false }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Show it in half a minute' }).click()

  await test.step('what was chosen is in sight, with what it can show', async () => {
    const notes = page.getByRole('list', { name: 'What this plan can show' })
    await expect(notes).toContainText('8 MiB: 1 gather, nothing to overlap')
    await expect(notes).toContainText('256 MiB: 8 gathers')
    await expect(page.getByRole('region', { name: 'Schemes' })).toContainText('-gather-direct')
  })

  await test.step('the picture stands before the first sample and ends in the sentence', async () => {
    const picture = page.getByRole('region', { name: 'Cost per GiB by file size' })
    await expect(picture.getByRole('button', { name: /^256 MiB/ })).toBeVisible()
    await expect(page.getByText('Run 1 finished:')).toBeVisible()
    await expect(picture.getByRole('button', { name: /^256 MiB: \S+-direct .* against/ })).toBeVisible()
    await expect(page.getByTestId('answer')).toContainText('At 256 MiB')
    await expect(page.getByTestId('why')).toContainText(/(is|are) the limit|overlaps/)
  })

  await test.step('after a reload the result is there again', async () => {
    await page.reload()
    await expect(page.getByText('Run 1 finished:')).toBeVisible()
  })
})

test('a preset fills in the plan, and what it cannot show is said', async ({ lab: { page } }) => {
  await fillPlan(page, { schemes: ['memfd-direct', 'memfd-gather-direct'], sizes: ['1MiB'], repeats: 2 })
  const notes = page.getByRole('list', { name: 'What this plan can show' })
  await expect(notes).toContainText('2 repeats cannot decide; 4 can')
  await page.getByRole('group', { name: 'Presets' }).getByRole('button', { name: 'published table' }).click()
  await expect(notes).toContainText('3 GiB: 24 gathers')
  await expect(notes).not.toContainText('cannot decide')
  await expect(startButton(page)).toBeEnabled()

  await test.step('a plan is kept under a name, removed and had back', async () => {
    const bar = page.getByRole('group', { name: 'Presets' })
    await bar.getByRole('button', { name: 'Save…' }).click()
    await bar.getByRole('textbox', { name: 'Name of the preset' }).fill('lists')
    await page.keyboard.press('Enter')
    await bar.getByRole('button', { name: 'gather sweep' }).click()
    await expect(page.getByText('Tuning: 6 settings')).toBeVisible()
    await page.reload()
    await bar.getByRole('button', { name: 'lists', exact: true }).click()
    await expect(notes).toContainText('3 GiB: 24 gathers')
    await bar.getByRole('button', { name: 'Remove lists' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(bar.getByRole('button', { name: 'lists', exact: true })).toBeVisible()
  })

  await test.step('another question can be asked', async () => {
    await page.getByText('Ask another question').click()
    await page.getByRole('combobox', { name: 'candidate of the question' }).selectOption('memfd-async-direct')
    await expect(page.getByText(/^Question: Does memfd-async-direct take less time than/)).toBeVisible()
  })

  await openView(page, 'Runs')
  await expect(page.getByRole('heading', { name: 'No run yet' })).toBeVisible()
})
