import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { predictionSchema } from '../contract/model.ts'
import { GiB, MiB } from '../contract/size.ts'
import { msText, sizeText } from '../findings/words/figureText.ts'
import { measureUnwatched, openView } from './benchPage.ts'
import { expect, test } from './labTest.ts'

test('published figures, the model and locks are there without a run', async ({
  lab: { page, dataFolder },
}) => {
  await test.step('the published figures stand beside the simulated ones, with what does not fit together', () =>
    readPublished(page))
  await test.step('the model follows its sliders, and goes back to the profile', () => moveSliders(page))
  await test.step('the model says in the page what it says in the terminal', () =>
    compareWithTerminal(page, dataFolder))
  await test.step('a restricted heap is said where its schemes would stand', () => chooseRestrictedHeap(page))
  await test.step('a scenario of fences and locks is judged as it is written', () => judgeScenario(page))
})

async function readPublished(page: Page): Promise<void> {
  await openView(page, 'Published')
  await expect(page.getByTestId('answer')).toContainText('pairs of schemes')
  await expect(page.getByRole('list', { name: 'What does not fit together' })).toContainText('5.65')
  const table = page.getByRole('table', { name: 'Published figures' })
  await expect(table.getByRole('row')).toHaveCount(1 + 33)
  await expect(table.getByRole('row', { name: /sendfile-direct.*3 GiB/ })).toContainText('9780')
  await page.getByRole('button', { name: 'v1-2024-07-11' }).click()
  await expect(table.getByRole('row')).toHaveCount(1 + 6)
  await expect(page.getByText('4 GiB of memory pressure (stressapptest)').first()).toBeVisible()
}

async function moveSliders(page: Page): Promise<void> {
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
}

async function compareWithTerminal(page: Page, dataFolder: string): Promise<void> {
  await openView(page, 'Model')
  await page.getByText('Data: predicted times').click()
  const rows = page.getByRole('table', { name: 'predicted times' }).getByRole('row')
  await page.getByRole('slider', { name: /^storage latency/ }).focus()
  await page.keyboard.press('Home')
  await page.getByRole('slider', { name: /^readers/ }).focus()
  await page.keyboard.press('ArrowRight')
  const options = '--profile ufs4-phone-2024 --sizes 8MiB,3GiB --gather 128MiB --readers 2 --json'.split(' ')
  const program = join(import.meta.dirname, '..', 'main', 'cli', 'index.ts')
  const printed = execFileSync(
    process.execPath,
    [program, 'predict', ...options, '--set', 'storageLatencyNs=1000'],
    { env: { ...process.env, DMABUF_LAB_HOME: dataFolder }, encoding: 'utf8' },
  )
  const { predictions } = z.object({ predictions: z.array(predictionSchema) }).parse(JSON.parse(printed))
  for (const scheme of ['normal', 'udmabuf-direct', 'read-async-direct']) {
    for (const bytes of [8 * MiB, 3 * GiB]) {
      const said = predictions.find(row => row.scheme === scheme && row.bytes === bytes)
      const row = rows
        .filter({ has: page.getByRole('cell', { name: scheme, exact: true }) })
        .filter({ has: page.getByRole('cell', { name: sizeText(bytes), exact: true }) })
      await expect(row).toContainText(msText(said?.totalNs ?? Number.NaN))
    }
  }
}

async function chooseRestrictedHeap(page: Page): Promise<void> {
  await openView(page, 'Model')
  await page.getByRole('combobox', { name: 'profile' }).selectOption('ufs4-phone-restricted-heap')
  const formulas = page.getByRole('table', { name: 'The two formulas' })
  await expect(formulas.getByRole('row', { name: /read-async-direct/ })).toContainText('restricted heap')
}

async function judgeScenario(page: Page): Promise<void> {
  await openView(page, 'Locks')
  const answer = page.getByTestId('answer')
  await expect(answer).toContainText('as a read-trylock, it rightly reports nothing')
  await expect(page.getByRole('region', { name: 'Orders that lockdep registers' })).toContainText('circular')
  await page.getByRole('combobox', { name: 'example' }).selectOption({ index: 2 })
  await expect(answer).toContainText('It can deadlock')
  await expect(page.getByRole('region', { name: 'How they come to stand still' })).toContainText('waiter')
  const written = page.getByRole('textbox', { name: 'Scenario, as JSON' })
  await written.fill((await written.inputValue()).replaceAll('"do": "wait"', '"do": "sleep"'))
  await expect(page.getByRole('alert')).toContainText('threads.1.steps.1')
}

test('a profile is calibrated on a measured run, and the model goes on with it', async ({
  lab: { page },
}) => {
  await measureUnwatched(page, {
    schemes: ['memfd-buffered', 'memfd-direct', 'memfd-gather-direct'],
    sizesBytes: [2 * MiB, 8 * MiB, 32 * MiB],
    repeats: 3,
  })
  await openView(page, 'Model')
  await page.getByText('Calibrate on a measured run').click()
  const name = page.getByRole('textbox', { name: 'name' })
  const calibrate = page.getByRole('button', { name: 'Calibrate' })
  await name.fill('Not A Name')
  await calibrate.click()
  await expect(page.getByRole('alert')).toContainText('a profile name has small letters')
  await name.fill('this-machine')
  await calibrate.click()
  await expect(page.getByRole('status')).toContainText('Kept as this-machine')
  await expect(page.getByRole('combobox', { name: 'profile' })).toHaveValue('this-machine')
})
