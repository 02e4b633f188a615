import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { MiB } from '../contract/size.ts'
import { measureUnwatched } from './benchPage.ts'
import { expect, test } from './labTest.ts'
import { openRun } from './runPage.ts'

const shareButton = (page: Page) => page.getByRole('button', { name: 'Share' })

async function choose(page: Page, name: string): Promise<void> {
  await shareButton(page).click()
  await page.getByRole('menuitem', { name }).click()
}

async function download(page: Page, name: string): Promise<{ fileName: string; content: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), choose(page, name)])
  return { fileName: file.suggestedFilename(), content: readFileSync(await file.path()) }
}

/** A file that is dropped on the page, as a browser hands it over. */
async function drop(target: Locator, name: string, content: string): Promise<void> {
  await target.evaluate(
    (element, file) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([file.content], file.name))
      const dropped = new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
      element.dispatchEvent(dropped)
    },
    { name, content },
  )
}

test('a run is copied, saved as a report and as the picture that is shown, and dropped in again', async ({
  lab: { page, shell },
}) => {
  test.skip(shell !== 'hosted', 'the desktop shell saves by its own dialogs; desktop.spec.ts has them')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await measureUnwatched(page, {
    schemes: ['memfd-direct', 'memfd-gather-direct', 'memfd-buffered', 'memfd-gather-buffered'],
    sizesBytes: [8 * MiB, 32 * MiB],
    repeats: 4,
    gatherBytes: 4 * MiB,
  })
  await openRun(page, 1)
  const said = page.getByTestId('answer').locator('.sentence')
  // Its samples are read after its heading is there.
  await expect(said).toContainText('At 32 MiB')
  const sentence = (await said.textContent()) ?? ''
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ')

  await test.step('the menu goes by keyboard, and gives the focus back', async () => {
    await shareButton(page).press('Enter')
    await expect(page.getByRole('menuitem').first()).toBeFocused()
    await page.keyboard.press('ArrowUp')
    await expect(page.getByRole('menuitem').last()).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('menu')).toHaveCount(0)
    await expect(shareButton(page)).toBeFocused()
  })

  await test.step('the table for a mailing list is on the clipboard', async () => {
    await choose(page, 'Table for a mailing list')
    await expect(page.getByText('Run 1 is on the clipboard.')).toBeVisible()
    const text = await page.evaluate(() => navigator.clipboard.readText())
    expect(text).toMatch(/^32 MiB +alloc +I\/O +total +GB\/s +ratio +interval$/m)
    expect(Math.max(...text.split('\n').map(line => line.length))).toBeLessThanOrEqual(72)
  })

  await test.step('the report begins with the sentence of the page and opens without the lab', async () => {
    const { fileName, content } = await download(page, 'HTML report')
    expect(fileName).toMatch(/^dmabuf-lab-run-1-[0-9a-f]{8}\.html$/)
    const report = await page.context().newPage()
    await report.setContent(content.toString())
    const heading = report.getByRole('heading', { level: 1 })
    expect(plain((await heading.textContent()) ?? '')).toBe(plain(sentence))
    await expect(report.getByRole('img', { name: /^Cost per GiB/ })).toBeVisible()
    await expect(report.getByRole('img', { name: /^Median samples at 32 MiB/ })).toBeVisible()
    await expect(report.getByText('npm run lab -- run --target local')).toBeVisible()
    await report.close()
  })

  await test.step('the picture is that of the pair that is shown', async () => {
    const strip = page.getByRole('group', { name: 'Schemes', exact: true })
    await strip.getByRole('button', { name: /^memfd-gather-buffered/ }).click()
    const svg = await download(page, 'Picture as SVG')
    expect(svg.content.toString()).toContain('memfd-buffered against memfd-gather-buffered')
    const png = await download(page, 'Picture as PNG')
    expect(png.fileName).toMatch(/\.png$/)
    expect(png.content.subarray(1, 4).toString()).toBe('PNG')
    // Twice the 900 pixels of the drawing.
    expect(png.content.readUInt32BE(16)).toBe(1800)
  })

  await test.step('an export that is dropped on the page comes back', async () => {
    const { content } = await download(page, 'Whole run as JSON')
    await page.evaluate(() => window.lab.runs.delete({ runId: 1 }))
    await drop(page.locator('body'), 'run.json', content.toString())
    await expect(page.getByRole('heading', { level: 1, name: 'Run 2' })).toBeVisible()
    await drop(page.locator('body'), 'weights.safetensors', 'weights')
    await expect(page.getByText('A browser does not tell where weights.safetensors lies.')).toBeVisible()
    await expect(page.getByRole('textbox', { name: 'Path of the file on the target' })).toBeVisible()
  })
})
