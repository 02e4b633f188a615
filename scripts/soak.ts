import './ownClaim.ts'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from '@playwright/test'
import { fillPlan, startButton } from '../e2e/benchPage.ts'
import { buildInterface, openLabPage } from './benchmarks/labPage.ts'
import { heldFolderVariable } from './soak/held.ts'
import { type Memory, type Resident, readMemory } from './soak/memory.ts'
import { type Point, risesBeyondNoise, slopeOf } from './soak/slope.ts'

/** Caches, the page's list of runs and compiled code settle first. */
const settlingPart = 0.5
const hangMs = 10 * 60_000
const figures: readonly (readonly [keyof Memory, string])[] = [
  ['server', 'server'],
  ['serverMalloc', 'server, malloc'],
  ['engines', 'engines'],
  ['enginesMalloc', 'engines, malloc'],
  ['page', 'page'],
]

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0)) {
  console.error('npm run soak -- [--minutes NUMBER]')
  process.exit(2)
}

/** Filled in once: a browser keeps up to a thousand steps of what was typed, to undo it, and that is no leak of the lab. */
const plan = {
  schemes: ['memfd-buffered', 'memfd-gather-direct'],
  sizes: ['1MiB', '8MiB'],
  repeats: 10,
}

/** As a person would, again and again, with the page open. */
async function runOnce(page: Page, runId: number): Promise<void> {
  await startButton(page).click()
  const ended = page.getByText(new RegExp(`^Run ${runId} (finished|failed|interrupted|cancelled): .*`))
  const said = await ended.textContent({ timeout: hangMs })
  if (!said?.includes('finished')) throw new Error(`a run did not finish: ${said}`)
}

type Look = Memory & Resident & { readonly atMinutes: number }

async function soak(home: string): Promise<{ runs: number; memories: Look[] }> {
  const heldFolder = join(home, 'held')
  mkdirSync(heldFolder)
  const { page, serverPid, close } = await openLabPage(join(home, 'lab'), {
    program: 'scripts/soak/soakedLab.ts',
    env: { [heldFolderVariable]: heldFolder },
  })
  const inspector = await page.context().newCDPSession(page)
  const startedMs = performance.now()
  const memories: Look[] = []
  let runs = 0
  await fillPlan(page, plan)
  try {
    while (performance.now() - startedMs < minutes * 60_000) {
      runs += 1
      await runOnce(page, runs)
      const atMinutes = (performance.now() - startedMs) / 60_000
      const memory = await readMemory({ serverPid, heldFolder, page: inspector })
      memories.push({ atMinutes, ...memory })
      const told = figures.map(([name, text]) => `${text} ${memory[name].toFixed(1)}`).join('; ')
      const resident = `private pages ${memory.serverPrivate.toFixed(1)} and ${memory.enginesPrivate.toFixed(1)}`
      console.error(`minute ${atMinutes.toFixed(1)}, run ${runs}: ${told}; ${resident} MiB`)
    }
  } finally {
    await close()
  }
  return { runs, memories }
}

buildInterface()
const home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-soak-'))
const { runs, memories } = await soak(home).finally(() => rmSync(home, { recursive: true, force: true }))
const settled = memories.filter(({ atMinutes }) => atMinutes > minutes * settlingPart)
console.log(`${runs} runs in ${minutes} min; slopes from minute ${(minutes * settlingPart).toFixed(1)} on`)
let rises = false
for (const [name, text] of figures) {
  const points: Point[] = settled.map(memory => ({ atMinutes: memory.atMinutes, value: memory[name] }))
  const slope = slopeOf(points)
  const leaks = risesBeyondNoise(points, slope)
  rises ||= leaks
  const [first = 0, last = 0] = [points[0]?.value, points.at(-1)?.value].map(Number)
  console.log(
    `${text.padEnd(18)} ${first.toFixed(1)} to ${last.toFixed(1)} MiB, slope ${slope.perMinute.toFixed(3)} MiB/min, ` +
      `noise ${slope.noise.toFixed(2)} MiB${leaks ? ': rises beyond its noise' : ''}`,
  )
}
process.exit(rises || settled.length < 3 ? 1 : 0)
