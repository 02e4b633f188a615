import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { fillWithRuns } from '../db/fixtures/manyRuns.ts'
import { openView } from './benchPage.ts'
import { expect, type OpenLab, test } from './labTest.ts'

const runs = 10_000

/** The ledger of ten thousand runs, as old labs left them. */
async function openLedger({ page, dataFolder }: OpenLab, { count = runs, repeats = 5 } = {}): Promise<void> {
  fillWithRuns(join(dataFolder, 'lab.db'), { runs: count, repeats })
  await page.reload()
  await openView(page, 'Runs')
  await expect(status(page)).toContainText(`${count} in all`)
}

const status = (page: Page) => page.getByRole('status').filter({ hasText: /in all|of \d/ })
const row = (page: Page, id: number) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name: `Run ${id}`, exact: true }) })
const filterField = (page: Page) => page.getByRole('searchbox', { name: 'Filter runs' })

test('ten thousand runs are listed with their answers, found, sorted and labelled', async ({ lab }) => {
  const { page } = lab
  await openLedger(lab, { repeats: 1 })
  await expect(row(page, runs)).toContainText('memfd-')
  await expect(row(page, runs)).toContainText('%')
  // Only what is in sight is built, and the rest is there when it is scrolled to.
  expect(await page.getByRole('row').count()).toBeLessThan(80)
  await page.getByRole('region', { name: 'History' }).focus()
  await page.keyboard.press('End')
  await expect(row(page, 1)).toContainText('memfd-gather-direct')

  await page.keyboard.press('/')
  await page.keyboard.type('tag:nightly scheme:memfd-async-direct kernel:6.12')
  await expect(status(page)).toContainText(`666 of ${runs}`)
  await expect(page).toHaveURL(/filter=tag/)
  await page.getByRole('button', { name: 'saved', exact: true }).click()
  await expect(page).toHaveURL(/sort=saved/)
  await page.reload()
  await expect(status(page)).toContainText(`666 of ${runs}`)
  await filterField(page).fill('status:finshed')
  await expect(page.getByText('Did you mean finished?')).toBeVisible()

  await filterField(page).fill('run:42')
  await page.getByRole('button', { name: 'Label run 42' }).click()
  const panel = page.getByRole('complementary', { name: 'Run 42' })
  const hostile = '<img src=x onerror=alert(1)> =1+1 \u202egnp'
  await panel.getByLabel('name').fill(hostile)
  await panel.getByLabel('tags').fill('bisect @cmd')
  await panel.getByLabel('note').fill('x'.repeat(10_000))
  await panel.getByRole('button', { name: 'Save' }).click()
  await expect(row(page, 42)).toContainText('<img src=x onerror=alert(1)> =1+1 \\u202egnp')
  await expect(row(page, 42)).toContainText('@cmd')
  await expect(panel.getByRole('img', { name: /over \d+ runs/ })).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze()
  expect(violations.map(each => `${each.id}: ${each.nodes.map(node => node.html).join(' | ')}`)).toEqual([])
})

test('runs are deleted with undo, in another window too, found by facets, and tagged, exported and compared', async ({
  lab,
}) => {
  const { page } = lab
  test.skip(lab.shell !== 'hosted', 'the desktop shell has one window')
  await openLedger(lab, { count: 60 })
  const other = await page.context().newPage()
  await other.goto(page.url())
  await openView(other, 'Runs')
  await filterField(page).fill('device:local')
  await expect(status(page)).toContainText('15 of 60')
  await page.getByRole('button', { name: 'Label run 1', exact: true }).click()
  await page.getByRole('button', { name: 'Pin as baseline' }).click()
  // From two thirds of the runs on the made-up times are a fifth longer.
  await expect(row(page, 57)).toContainText(/slower in \d of \d/)
  await filterField(page).fill('device:local is:slower')
  await expect(row(page, 57)).toBeVisible()
  await expect(row(page, 5)).toBeHidden()

  await other.getByRole('link', { name: 'Run 57', exact: true }).click()
  await expect(other.getByRole('heading', { level: 1, name: 'Run 57' })).toBeVisible()
  // A page behind another is given a frame a second.
  await page.bringToFront()
  await filterField(page).fill('device:local')
  await page.getByRole('checkbox', { name: 'Choose run 57' }).check()
  await page.getByRole('checkbox', { name: 'Choose run 1', exact: true }).check()
  await page.getByRole('group', { name: 'Chosen runs' }).getByRole('button', { name: 'Delete' }).click()
  await expect(other.getByRole('heading', { name: 'There is no run 57' })).toBeVisible()
  await expect(row(page, 57)).toBeHidden()
  await expect(row(page, 53)).not.toContainText('slower in')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row(page, 57)).toContainText(/slower in \d of \d/)
  await expect(other.getByRole('heading', { level: 1, name: 'Run 57' })).toBeVisible()
  await other.close()

  await test.step('facets filter by a click, and chosen runs are tagged, exported and compared at once', async () => {
    await filterField(page).fill('')
    await chooseByFacets(page)
  })
})

async function chooseByFacets(page: Page): Promise<void> {
  const facet = page.getByRole('button', { name: /^kernel/ }).and(page.locator('.facet > button'))
  await facet.click()
  const values = page.getByRole('group', { name: 'Filter by kernel' })
  await values.getByRole('button', { name: /^6\.18\.0-test/ }).click()
  await expect(status(page)).toContainText('20 of 60')
  await expect(filterField(page)).toHaveValue(/kernel:6\.18\.0-test/)
  await values.getByRole('button', { name: /^6\.18\.0-test/ }).click()
  await expect(status(page)).toContainText('60 in all')
  await page.keyboard.press('Escape')
  await expect(values).toHaveCount(0)

  const bar = page.getByRole('group', { name: 'Chosen runs' })
  for (const id of [39, 40]) await page.getByRole('checkbox', { name: `Choose run ${id}` }).check()
  await bar.getByRole('textbox', { name: 'Tag' }).fill('bisect')
  await bar.getByRole('button', { name: 'Add tag' }).click()
  for (const id of [39, 40]) await expect(row(page, id)).toContainText('bisect')
  const names: string[] = []
  page.on('download', file => names.push(file.suggestedFilename()))
  await bar.getByRole('button', { name: 'Export' }).click()
  await expect.poll(() => names.length).toBe(2)
  expect(names.every(name => name.endsWith('.csv'))).toBe(true)
  await bar.getByRole('button', { name: 'Compare' }).click()
  await expect(page).toHaveURL(/#\/compare\/39\/40/)
  await expect(page.getByTestId('answer')).toBeVisible()
}
