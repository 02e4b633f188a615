import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { icnsOf, icoOf } from './packaging/iconFiles.ts'

/** `node scripts/icons.ts`: every picture of the application's icon, from the one drawing that there is. */
const root = join(import.meta.dirname, '..')
const drawing = readFileSync(join(root, 'renderer', 'icon.svg'), 'utf8')
const folder = join(root, 'scripts', 'packaging', 'icons')

/** What menus, docks and file managers of Linux and Windows ask for, in pixels. */
const plainPx = [16, 24, 32, 48, 64, 128, 256, 512]
const icoPx = [16, 24, 32, 48, 64, 128, 256]
/** macOS draws its icons smaller than their square: 824 of 1024 (Apple's design resources). */
const macPx = [32, 64, 128, 256, 512, 1024]
const macShare = 824 / 1024

const browser = await chromium.launch({
  executablePath: process.env.DMABUF_LAB_CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
const page = await browser.newPage()

async function draw(px: number, share: number): Promise<Buffer> {
  await page.setViewportSize({ width: px, height: px })
  const body = 'margin:0;display:grid;place-items:center;height:100vh'
  const svg = drawing.replace('<svg ', `<svg width="${px * share}" height="${px * share}" `)
  await page.setContent(`<body style="${body}">${svg}</body>`)
  return page.screenshot({ omitBackground: true })
}

const plain = new Map<number, Buffer>()
for (const px of plainPx) plain.set(px, await draw(px, 1))
const mac = new Map<number, Buffer>()
for (const px of macPx) mac.set(px, await draw(px, macShare))
await browser.close()

mkdirSync(folder, { recursive: true })
for (const [px, png] of plain) writeFileSync(join(folder, `${px}x${px}.png`), png)
writeFileSync(join(folder, 'icon.ico'), icoOf(new Map([...plain].filter(([px]) => icoPx.includes(px)))))
writeFileSync(join(folder, 'icon.icns'), icnsOf(mac))
// By this a test sees that the drawing is another than the pictures are of.
writeFileSync(
  join(folder, 'drawing.sha256'),
  `${createHash('sha256').update(drawing).digest('hex')}  icon.svg\n`,
)
mkdirSync(join(root, 'renderer', 'public'), { recursive: true })
writeFileSync(join(root, 'renderer', 'public', 'icon.png'), plain.get(256) ?? '')
