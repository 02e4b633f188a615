import './ownClaim.ts'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from '@playwright/test'
import { MiB } from '../contract/size.ts'
import { fillPlan, startButton } from '../e2e/benchPage.ts'
import { buildInterface, openLabPage } from './benchmarks/labPage.ts'
import { type HeapShares, readElements, readShares } from './soak/heapSnapshot.ts'
import { heldFolderVariable } from './soak/held.ts'
import { type Memory, type Resident, readMemory } from './soak/memory.ts'
import { type Point, risesBeyondNoise, slopeOf } from './soak/slope.ts'

/** Caches, the page's list of runs and compiled code settle first. */
const settlingPart = 0.5
const leastLooks = 3
const hangMs = 10 * 60_000
/** A snapshot of the page's heap takes a second or two. */
const snapshotEveryMinutes = 0.5
const figures: readonly (readonly [keyof Memory, string])[] = [
  ['server', 'server'],
  ['serverMalloc', 'server, malloc'],
  ['engines', 'engines'],
  ['enginesMalloc', 'engines, malloc'],
]
/** Code comes late and levels off, as runs make more of it worth compiling: it is told, and judged by nobody. */
const shares: readonly (readonly [keyof HeapShares, string, boolean])[] = [
  ['objectBytes', 'page, objects', true],
  ['codeBytes', 'page, code of V8', false],
  ['browserBytes', "page, browser's own", false],
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
type PageLook = HeapShares & { readonly elements: number; readonly atMinutes: number }
type Soaked = { readonly runs: number; readonly memories: Look[]; readonly pages: PageLook[] }

async function soak(home: string): Promise<Soaked> {
  const heldFolder = join(home, 'held')
  mkdirSync(heldFolder)
  const { page, serverPid, close } = await openLabPage(join(home, 'lab'), {
    program: 'scripts/soak/soakedLab.ts',
    env: { [heldFolderVariable]: heldFolder },
  })
  const inspector = await page.context().newCDPSession(page)
  const startedMs = performance.now()
  const memories: Look[] = []
  const pages: PageLook[] = []
  let runs = 0
  await fillPlan(page, plan)
  try {
    while (performance.now() - startedMs < minutes * 60_000) {
      runs += 1
      await runOnce(page, runs)
      const atMinutes = (performance.now() - startedMs) / 60_000
      const memory = await readMemory({ serverPid, heldFolder, page: inspector })
      memories.push({ atMinutes, ...memory })
      if (atMinutes - (pages.at(-1)?.atMinutes ?? 0) > snapshotEveryMinutes) {
        pages.push({ atMinutes, elements: await readElements(inspector), ...(await readShares(inspector)) })
      }
      const told = figures.map(([name, text]) => `${text} ${memory[name].toFixed(1)}`).join('; ')
      const resident = `private pages ${memory.serverPrivate.toFixed(1)} and ${memory.enginesPrivate.toFixed(1)}`
      console.error(`minute ${atMinutes.toFixed(1)}, run ${runs}: ${told}; ${resident} MiB`)
    }
  } finally {
    await close()
  }
  return { runs, memories, pages }
}

buildInterface()
const home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-soak-'))
const { runs, memories, pages } = await soak(home).finally(() =>
  rmSync(home, { recursive: true, force: true }),
)
const settledFrom = minutes * settlingPart
console.log(`${runs} runs in ${minutes} min; slopes from minute ${settledFrom.toFixed(1)} on`)

/** @returns whether it rises by more than its noise, or was looked at too seldom to say. */
function judge(text: string, points: readonly Point[], { unit = 'MiB', judged = true } = {}): boolean {
  const settled = points.filter(({ atMinutes }) => atMinutes > settledFrom)
  if (settled.length < leastLooks) {
    console.log(`${text.padEnd(20)} ${settled.length} looks, too few to judge`)
    return true
  }
  const slope = slopeOf(settled)
  const rises = judged && risesBeyondNoise(settled, slope)
  const [first = 0, last = 0] = [settled[0]?.value, settled.at(-1)?.value].map(Number)
  console.log(
    `${text.padEnd(20)} ${first.toFixed(2)} to ${last.toFixed(2)} ${unit}, ` +
      `slope ${slope.perMinute.toFixed(3)} a minute, noise ${slope.noise.toFixed(3)}` +
      `${rises ? ': rises beyond its noise' : ''}${judged ? '' : ' (told, not judged)'}`,
  )
  return rises
}

const rises = [
  ...figures.map(([name, text]) =>
    judge(
      text,
      memories.map(memory => ({ atMinutes: memory.atMinutes, value: memory[name] })),
    ),
  ),
  ...shares.map(([name, text, judged]) =>
    judge(
      text,
      pages.map(look => ({ atMinutes: look.atMinutes, value: look[name] / MiB })),
      { judged },
    ),
  ),
  judge(
    'page, nodes',
    pages.map(({ atMinutes, elements }) => ({ atMinutes, value: elements })),
    { unit: 'nodes' },
  ),
]
process.exit(rises.includes(true) ? 1 : 0)
