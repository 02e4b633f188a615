import type { Page } from '@playwright/test'
import { MiB } from '../contract/size.ts'
import { measureUnwatched, openView } from './benchPage.ts'
import { expect, test } from './labTest.ts'
import { openRun } from './runPage.ts'

const picture = (page: Page) => page.getByRole('region', { name: 'Cost per GiB by file size' })
const why = (page: Page, size: string) => page.getByRole('region', { name: `Why at ${size}` })

test('the picture shows a pair at every size, swaps pairs, and opens the why by mouse and keyboard', async ({
  lab: { page },
}) => {
  await measureUnwatched(page, {
    schemes: ['memfd-direct', 'memfd-gather-direct', 'memfd-buffered', 'memfd-gather-buffered'],
    sizesBytes: [8 * MiB, 32 * MiB],
    repeats: 4,
    gatherBytes: 4 * MiB,
  })
  await openRun(page, 1)

  await test.step('every size has the twin beside the overlapped load', async () => {
    for (const size of ['8 MiB', '32 MiB']) {
      const pair = picture(page).getByRole('button', { name: new RegExp(`^${size}: memfd-`) })
      await expect(pair).toHaveAccessibleName(/memfd-\w+ .*\/GiB against memfd-gather-\w+ .*\/GiB/)
    }
  })

  await test.step('the strip swaps the pair', async () => {
    const strip = page.getByRole('group', { name: 'Schemes', exact: true })
    await strip.getByRole('button', { name: /^memfd-gather-buffered/ }).click()
    await expect(picture(page).getByRole('button', { name: /^8 MiB: memfd-buffered/ })).toBeVisible()
    await strip.getByRole('button', { name: /^memfd-gather-direct/ }).click()
    await expect(picture(page).getByRole('button', { name: /^8 MiB: memfd-direct/ })).toBeVisible()
  })

  await test.step('the chart beside it has other units, and its lines fold and stand alone', async () => {
    const chart = page.getByRole('figure').filter({ has: page.getByRole('group', { name: 'Unit' }) })
    await chart.getByRole('button', { name: 'throughput' }).click()
    await expect(chart.getByRole('img', { name: /^throughput by file size, 4 schemes/ })).toBeVisible()
    const line = chart.getByRole('group', { name: 'Lines' }).getByRole('button', { name: 'memfd-buffered' })
    await line.click()
    await expect(line).toHaveAttribute('aria-pressed', 'true')
  })

  await test.step('the why of the largest size is open, says what limits, and closes', async () => {
    await expect(why(page, '32 MiB').getByTestId('why')).toContainText(/(is|are) the limit|overlaps/)
    await expect(why(page, '32 MiB').getByRole('row', { name: /memfd-direct/ })).toContainText('%')
    await expect(page.getByRole('region', { name: /^Every repeat at 32 MiB/ })).toBeVisible()
    await why(page, '32 MiB').getByRole('button', { name: 'Close' }).click()
    await expect(why(page, '32 MiB')).toHaveCount(0)
  })

  await test.step('Enter on a pair opens its why in sight', async () => {
    await picture(page)
      .getByRole('button', { name: /^8 MiB:/ })
      .focus()
    await page.keyboard.press('Enter')
    await expect(why(page, '8 MiB')).toBeInViewport()
  })

  await test.step('pair, size, zoom and pins are in the address: a reload shows them, back leaves the page', async () => {
    const strip = page.getByRole('group', { name: 'Schemes', exact: true })
    await strip.getByRole('button', { name: /^memfd-gather-buffered/ }).click()
    await page.getByRole('button', { name: 'Pin', exact: true }).click()
    const formulas = page.getByRole('region', { name: 'The two formulas' })
    await formulas.getByRole('button', { name: '8 MiB' }).click()
    await why(page, '8 MiB')
      .getByRole('region', { name: /^Median samples/ })
      .press('w')
    await expect(page).toHaveURL(/zoom=\d+-\d+/)
    const address = page.url()
    await page.reload()
    await expect(picture(page).getByRole('button', { name: /^8 MiB: memfd-buffered/ })).toBeVisible()
    await expect(why(page, '8 MiB').getByRole('button', { name: 'All' })).toBeEnabled()
    await expect(page.getByRole('region', { name: 'Pinned samples' }).getByRole('figure')).toHaveCount(1)
    await expect(formulas.getByRole('button', { name: '8 MiB' })).toHaveAttribute('aria-pressed', 'true')
    expect(page.url()).toBe(address)
    await page.goBack()
    await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
  })
})

test('the why’s timeline moves, zooms, measures and lists its keys by keyboard', async ({
  lab: { page },
}) => {
  await measureUnwatched(page, {
    schemes: ['memfd-direct', 'memfd-gather-direct'],
    sizesBytes: [32 * MiB],
    repeats: 1,
    gatherBytes: 4 * MiB,
  })
  await openView(page, 'Bench')
  await page.getByRole('button', { name: 'Measure 10 more of these two' }).click()
  // Whoever goes elsewhere at once is not fetched back.
  await openRun(page, 1)
  // A warm-up and eleven repeats of each.
  await expect(page.getByRole('heading', { name: '24 samples' })).toBeVisible()
  const panel = why(page, '32 MiB')
  const timeline = panel.getByRole('region', { name: /^Median samples at 32 MiB/ })
  const all = panel.getByRole('button', { name: 'All' })
  await timeline.focus()
  await expect(all).toBeDisabled()

  await page.keyboard.press('w')
  await expect(all).toBeEnabled()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('f')
  await expect(all).toBeDisabled()

  await page.keyboard.press('m')
  await expect(panel.getByRole('status')).toContainText('M sets the second')
  await page.keyboard.press('w')
  await page.keyboard.press('d')
  await page.keyboard.press('m')
  await expect(panel.getByRole('status')).toContainText(/between the cursors\. memfd-\S+: .*memfd-gather-/)

  await page.keyboard.press('Shift+?')
  await expect(panel.getByText('measures between them')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(panel.getByText('measures between them')).toHaveCount(0)
  await expect(panel.getByRole('status')).not.toContainText('between the cursors')
})
