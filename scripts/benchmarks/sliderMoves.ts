import type { Browser, Locator, Page } from '@playwright/test'
import { openView } from '../../e2e/benchPage.ts'
import { summarize } from '../../findings/statistics/summary.ts'
import type { BenchResult } from './result.ts'
import { frameCategories, presentedFrames, type TraceEvent, traceEventsOf } from './trace.ts'

const sliders = [
  'storage bandwidth',
  'storage latency',
  'allocation rate',
  'gather',
  'readers',
  'file size',
  'memory pressure',
] as const

const movesPerSlider = 60
/** Back and forth over the middle of a slider; far enough apart that each move changes the value. */
const stepsOnTheWay = 10
const restMs = 120

const inputMark = 'bench-input'
const drawnMark = 'bench-drawn'

/**
 * ms from the dispatch of a slider's `input` event until the frame after which nothing was drawn any more was handed
 * over, and until it was on the screen.
 */
type Redraw = { readonly painted: number; readonly shown: number }

/**
 * From a drag on each Model slider to both charts and the formulas, in a real Chromium with a real pointer. The page
 * marks its `input` events and each drawing of a chart, and Chromium's frame reporter says when the frame with the last
 * drawing was handed over (state, prediction, sweep, charts, layout and paint are done) and when it was presented (raster
 * and compositing are Chromium's, and in software here). Between moves the page rests, so that no drawing belongs to the
 * move before. The same drag on an empty page that draws one line is the floor that Chromium itself sets on this machine.
 */
export async function sliderMoves(browser: Browser, page: Page): Promise<BenchResult[]> {
  await openView(page, 'Model')
  await page.getByTestId('answer').waitFor()
  await page.evaluate(markRedraws, { inputMark, drawnMark })
  const results: BenchResult[] = []
  for (const name of sliders) {
    const moves = await drag(browser, page, page.getByRole('slider', { name: new RegExp(`^${name}`) }))
    results.push(...figuresOf(name, moves, { atMost: 16 }))
    await page.getByRole('button', { name: 'Back to the profile' }).click()
    await page.waitForTimeout(restMs)
  }
  return [...results, ...(await floor(browser))]
}

async function floor(browser: Browser): Promise<BenchResult[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.setContent('<input type="range" style="width: 240px"><canvas width="600" height="300"></canvas>')
  await page.evaluate(() => {
    const ctx = document.querySelector('canvas')?.getContext('2d')
    document.querySelector('input')?.addEventListener('input', event => {
      const x = event.target instanceof HTMLInputElement ? Number(event.target.value) : 0
      ctx?.clearRect(0, 0, 600, 300)
      ctx?.fillRect(x, 0, 1, 300)
    })
  })
  await page.evaluate(markRedraws, { inputMark, drawnMark })
  const moves = await drag(browser, page, page.getByRole('slider'))
  await page.close()
  return figuresOf('floor, one line on an empty page', moves)
}

/** Runs in the page: chart.js clears a canvas once for every time that it draws it. */
function markRedraws(marks: { readonly inputMark: string; readonly drawnMark: string }): void {
  window.addEventListener('input', () => performance.mark(marks.inputMark), true)
  const { clearRect } = CanvasRenderingContext2D.prototype
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    performance.mark(marks.drawnMark)
    clearRect.apply(this, area)
  }
}

async function drag(browser: Browser, page: Page, slider: Locator): Promise<Redraw[]> {
  const box = await slider.boundingBox()
  if (box === null) throw new Error('the slider is not in sight')
  const moveTo = (step: number) =>
    page.mouse.move(box.x + box.width * (0.1 + (0.8 * step) / stepsOnTheWay), box.y + box.height / 2)
  await moveTo(0)
  await page.mouse.down()
  await page.waitForTimeout(restMs)
  await browser.startTracing(page, { categories: frameCategories })
  for (let move = 1; move <= movesPerSlider; move++) {
    const along = move % (2 * stepsOnTheWay)
    await moveTo(along <= stepsOnTheWay ? along : 2 * stepsOnTheWay - along)
    await page.waitForTimeout(restMs)
  }
  const events = traceEventsOf(await browser.stopTracing())
  await page.mouse.up()
  return movesOf(events)
}

function movesOf(events: readonly TraceEvent[]): Redraw[] {
  const timesOf = (mark: string) => events.flatMap(({ name, ts }) => (name === mark ? [ts ?? 0] : []))
  const inputs = timesOf(inputMark)
  const drawings = timesOf(drawnMark)
  const frames = presentedFrames(events)
  return inputs.flatMap((inputUs, move) => {
    const endUs = inputs[move + 1] ?? Number.POSITIVE_INFINITY
    const lastUs = drawings.findLast(us => us > inputUs && us < endUs)
    const frame = frames.find(({ committedUs }) => lastUs !== undefined && committedUs > lastUs)
    if (frame === undefined) return []
    return [
      {
        painted: (frame.committedUs - inputUs) / 1000,
        shown: (frame.presentedUs - inputUs) / 1000,
      },
    ]
  })
}

function figuresOf(name: string, redraws: readonly Redraw[], limit?: BenchResult['limit']): BenchResult[] {
  const painted = redraws.map(redraw => redraw.painted)
  const shown = redraws.map(redraw => redraw.shown)
  const median = { name: `${name}: to painted, median`, value: medianOf(painted), unit: 'ms' }
  return [
    limit === undefined ? median : { ...median, limit },
    { name: `${name}: to painted, 95 %`, value: percentile(painted, 0.95), unit: 'ms' },
    { name: `${name}: to painted, longest`, value: Math.max(...painted), unit: 'ms' },
    { name: `${name}: to screen, median`, value: medianOf(shown), unit: 'ms' },
    { name: `${name}: to screen, 95 %`, value: percentile(shown, 0.95), unit: 'ms' },
    {
      name: `${name}: moves seen`,
      value: redraws.length,
      unit: 'moves',
      limit: { atLeast: movesPerSlider - 5 },
    },
  ]
}

function medianOf(values: readonly number[]): number {
  return summarize(values)?.median ?? Number.NaN
}

/** The smallest value that `share` of all values do not exceed. */
function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN
}
