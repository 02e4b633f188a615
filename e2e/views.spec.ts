import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { fillPlan, openView, optionField, runToEnd, startButton } from './benchPage.ts'
import { expect, labOf, test } from './labTest.ts'

/** `DMABUF_LAB_SCREENS=1 npm test -- whole` renews the pictures in docs. */
const screens =
  process.env.DMABUF_LAB_SCREENS === '1' ? join(import.meta.dirname, '..', 'docs', 'screens') : null

async function keepScreen(page: Page, name: string): Promise<void> {
  if (screens === null || labOf(page).shell !== 'hosted') return
  mkdirSync(screens, { recursive: true })
  await page.screenshot({ path: join(screens, `${name}.png`) })
}

/** All that WCAG 2 asks at the levels A and AA in light; in dark, where only the colours differ, what it asks of them. */
const accessibility = {
  light: (page: Page) => violationsIn(page).withTags(['wcag2a', 'wcag2aa']),
  dark: (page: Page) => violationsIn(page).withRules(['color-contrast', 'link-in-text-block']),
}

/** In the page itself, which has no frames: otherwise every look opens a page beside it. What passes is not described. */
function violationsIn(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode()
}

async function expectReadable(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await keepScreen(page, `${name}-${colorScheme}`)
    const { violations } = await accessibility[colorScheme](page).analyze()
    const told = violations.map(each => `${each.id}: ${each.nodes.map(node => node.html).join(' | ')}`)
    expect(told, `${name} in ${colorScheme}`).toEqual([])
  }
  // The last is what 200 % zoom leaves of the first.
  for (const width of [1280, 1024, 640]) {
    await page.setViewportSize({ width, height: 800 })
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(wider, `${name} fits a window ${width} px wide`).toBeLessThanOrEqual(0)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}

test('every view is readable in light and dark, by assistive technology too', async ({ lab: { page } }) => {
  await fillPlan(page, {
    schemes: ['memfd-buffered', 'memfd-direct', 'memfd-gather-direct'],
    // The pictures in docs show what the lab is about; what is readable is so with less, too.
    sizes: screens === null ? ['8MiB', '64MiB'] : ['8MiB', '64MiB', '256MiB'],
    repeats: screens === null ? 4 : 6,
  })
  // Small enough for several gathers even in the middle size.
  await optionField(page, 'gather').fill('16MiB')
  await runToEnd(page, 1)
  await expectReadable(page, 'bench')
  for (const view of await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('link')
    .allInnerTexts()) {
    const name = view.split('\n')[0] ?? view
    if (name === 'Bench') continue
    await openView(page, name)
    await page.waitForTimeout(1000)
    await expectReadable(page, name.toLowerCase())
  }
  await openView(page, 'Runs')
  await page.getByRole('link', { name: 'Run 1' }).click()
  await expect(page.getByRole('region', { name: 'Samples', exact: true })).toBeVisible()
  await expectReadable(page, 'run')
})

test('a run can be planned, started and read with the keyboard alone', async ({ lab: { page } }) => {
  await fillPlan(page, { schemes: ['memfd-direct'], sizes: ['8MiB'], repeats: 2 })
  const box = page.getByRole('checkbox', { name: 'memfd-buffered', exact: true })
  await box.focus()
  await page.keyboard.press('Space')
  await expect(box).toBeChecked()
  await page.keyboard.press('F5')
  await expect(page.getByText('Run 1 finished:')).toBeVisible()
  await page.getByRole('link', { name: 'Open run 1' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Run 1' })).toBeVisible()
  // From any view: once there and started, once only.
  await page.keyboard.press('F5')
  await expect(page.getByText('Run 2 finished:')).toBeVisible()
  await page.keyboard.press('Alt+2')
  await page.keyboard.press('Alt+1')
  await expect(page.getByText('Run 2 finished:')).toBeVisible()
  await expect(startButton(page)).toBeEnabled()
})
