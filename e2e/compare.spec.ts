import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { fillWithRuns } from '../db/fixtures/manyRuns.ts'
import { openView } from './benchPage.ts'
import { expect, test } from './labTest.ts'

test('runs, schemes of a run and devices are found by typing and set beside each other', async ({ lab }) => {
  const { page, dataFolder } = lab
  fillWithRuns(join(dataFolder, 'lab.db'), { runs: 40, repeats: 6, largeRuns: 2 })
  await page.reload()
  await openView(page, 'Compare')
  const picker = page.getByRole('combobox', { name: 'Add a run, a scheme or a device' })
  const compared = page.getByRole('list', { name: 'Compared' })
  const pick = async (text: string, option: RegExp) => {
    await picker.fill(text)
    await page.getByRole('option', { name: option }).first().click()
  }
  await pick('run:1', /^run 1 /)
  await pick('run:38', /^run 38 /)
  await expect(page.getByTestId('answer')).toContainText('Run 38 is')
  await expect(page.getByRole('heading', { name: 'What else differs' })).toBeVisible()
  await pick('adb:R5CT2', /^newest run of adb:R5CT2/)
  await expect(compared.getByRole('listitem')).toHaveCount(3)
  await expect(page.getByTestId('answer').locator('p.sentence')).toHaveCount(2)
  // What not all of them have stands last.
  const table = page.getByRole('table', { name: 'Comparison' })
  await expect(table.getByRole('row').last()).toContainText('one side only')
  await expect(table.getByRole('row').nth(1)).not.toContainText('one side only')
  await page.getByRole('group', { name: 'Size' }).getByRole('button', { name: '8 MiB' }).click()
  await expect(page).toHaveURL(/size=8388608/)
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze()
  expect(violations.map(each => `${each.id}: ${each.nodes.map(node => node.html).join(' | ')}`)).toEqual([])

  await test.step('it is shared as the page says it', async () => {
    // The desktop shell saves by its own dialogs.
    if (lab.shell !== 'hosted') return
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('button', { name: 'Share' })
        .click()
        .then(() => page.getByRole('menuitem', { name: 'HTML report' }).click()),
    ])
    expect(file.suggestedFilename()).toMatch(/^dmabuf-lab-compare-1-38-\d+\.html$/)
    const sentence = await page.getByTestId('answer').locator('p.sentence').first().textContent()
    const report = readFileSync(await file.path(), 'utf8').replaceAll(/\s+/g, ' ')
    expect(report).toContain(sentence?.replaceAll(/\s+/g, ' ').replace('SIM', ''))
  })

  for (const name of ['run 38', 'newest of adb:R5CT2']) {
    await compared.getByRole('button', { name: `Take ${name} away` }).click()
  }
  await compared.getByRole('combobox', { name: 'Scheme of run 1' }).selectOption('memfd-direct')
  await picker.fill('run:1 memfd-gather-direct')
  await expect(page.getByRole('option', { name: /^run 1, memfd-gather-direct/ })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('answer')).toContainText('memfd-gather-direct is faster in 2 of 2 pairs')
  const address = page.url()
  await page.reload()
  await expect(page.getByTestId('answer')).toContainText('memfd-gather-direct is faster in 2 of 2 pairs')
  expect(page.url()).toBe(address)

  await test.step('it tells how far it is, and ends when nobody asks any more', () => compareLargeRuns(page))
})

/** Runs 41 and 42. */
async function compareLargeRuns(page: Page): Promise<void> {
  const outcome = await page.evaluate(async () => {
    const asker = 'this test'
    const sides = Array.from({ length: 8 }, (_, place) => ({ runId: 41 + (place % 2), scheme: null }))
    const unsubscribe = window.lab.on('comparisonProgress', ({ done, total }) => {
      if (done < total) void window.lab.runs.dropComparison({ asker })
    })
    const told = await window.lab.runs.compareSides({ asker, sides })
    unsubscribe()
    return told.ok ? 'compared' : told.error.kind
  })
  expect(outcome).toBe('cancelled')
  await page.evaluate(() => window.location.assign('#/compare/41/42'))
  await expect(page.getByTestId('answer')).toContainText('50 pairs')
}
