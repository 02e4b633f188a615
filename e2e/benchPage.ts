import { expect, type Locator, type Page } from '@playwright/test'
import type { PlanInput } from '../contract/plan.ts'

export type ShortPlan = {
  schemes: readonly string[]
  sizes: readonly string[]
  repeats: number
  warmups?: number
}

/** An option of the plan. Its name grows by what is wrong with it, so only the beginning counts. */
export function optionField(page: Page, label: string): Locator {
  return page.getByRole('textbox', { name: new RegExp(`^${label}`) })
}

/** Fills in the plan as a person does; what an earlier plan chose is cleared first. */
export async function fillPlan(page: Page, plan: ShortPlan): Promise<void> {
  const schemes = page.getByRole('region', { name: 'Schemes' })
  // Until the target has told what it can, reasons come into the list, and what is clicked moves away under the pointer.
  await expect(schemes.getByRole('button', { name: 'All that can run' })).toBeEnabled()
  await schemes.getByRole('button', { name: 'None' }).click()
  await expect(schemes.getByText('None is chosen.')).toBeVisible()
  for (const scheme of plan.schemes)
    await schemes.getByRole('checkbox', { name: scheme, exact: true }).check()
  const sizes = page.getByRole('group', { name: 'Sizes' })
  for (const box of await sizes.getByRole('checkbox').all()) await box.uncheck()
  for (const size of plan.sizes) {
    await sizes.getByRole('textbox', { name: 'Another size' }).fill(size)
    await sizes.getByRole('button', { name: 'Add' }).click()
  }
  await expect(sizes.getByRole('checkbox', { checked: true })).toHaveCount(plan.sizes.length)
  await optionField(page, 'repeats').fill(`${plan.repeats}`)
  await optionField(page, 'warm-ups').fill(`${plan.warmups ?? 1}`)
}

export function startButton(page: Page): Locator {
  return page.getByRole('button', { name: 'Start F5' })
}

/** Starts what the plan says and waits until the run has ended as told. */
export async function runToEnd(page: Page, runId: number, status = 'finished'): Promise<void> {
  await startButton(page).click()
  await expect(page.getByText(`Run ${runId} ${status}:`)).toBeVisible()
}

/**
 * Measures on this machine and looks at something else meanwhile: to draw a load while it runs takes several times the
 * load's own processor time. For what is shown of a run that has ended; what the bench shows live is looked at elsewhere.
 */
export async function measureUnwatched(page: Page, plan: Omit<PlanInput, 'target'>): Promise<void> {
  await openView(page, 'Locks')
  const status = await page.evaluate(
    async input => {
      const ended = Promise.withResolvers<string>()
      const unsubscribe = window.lab.on('runChanged', ({ summary }) => {
        if (summary.status !== 'running') ended.resolve(summary.status)
      })
      const started = await window.lab.runs.start(input)
      const told = started.ok ? await ended.promise : started.error.message
      unsubscribe()
      return told
    },
    { ...plan, target: 'local' },
  )
  expect(status).toBe('finished')
  // Told, since it ended out of sight.
  await page
    .getByRole('status')
    .filter({ hasText: 'finished' })
    .getByRole('button', { name: 'Dismiss' })
    .click()
}

export async function openView(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}
