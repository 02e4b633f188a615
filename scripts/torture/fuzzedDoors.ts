import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { reasonOf } from '../../contract/error.ts'
import { allDoors } from './doors/allDoors.ts'
import type { Door, OpenDoor } from './doors/door.ts'
import { mutate } from './mutate.ts'
import { type Counts, noCounts, type Ordeal, type OrdealTask, pick } from './ordeal.ts'

const casesFolder = join(import.meta.dirname, 'cases')
/** Processor time for one text. The largest seed takes milliseconds; a text of kilobytes that takes this is an attack. */
const slowestMs = 5000
/** Waiting for one text, on a machine that does other things as well. */
const longestMs = 60_000
/** Doors take turns, so that each gets its share of the time. */
const textsPerTurn = 500
const findingsKept = 20

/** Texts that made a door fail once. They stay, and are fed again by a test. */
export function keptCases(door: string): readonly string[] {
  const folder = join(casesFolder, door)
  try {
    return readdirSync(folder).map(name =>
      z.string().parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
    )
  } catch {
    // No text has made it fail.
    return []
  }
}

/** Whatever comes in from outside, near to what is right: it is taken, or refused as a typed error, soon. */
export const fuzzedDoors: Ordeal = {
  name: 'doors',
  share: 1,
  finds: ['crashed'],
  missing: () => null,
  run: async task => {
    const counts = noCounts()
    const findings: string[] = []
    const opened = allDoors.map(door => ({ door, open: openIn(door, task.scratch) }))
    while (performance.now() < task.deadlineMs)
      for (const { door, open } of opened) findings.push(...(await takeTurn(door, open, { task, counts })))
    for (const { open } of opened) await open.close()
    return { counts, findings: [...new Set(findings)].slice(0, findingsKept) }
  },
}

function openIn(door: Door, scratch: string): OpenDoor {
  const folder = join(scratch, door.name)
  mkdirSync(folder)
  return door.open(folder)
}

type Turn = { readonly task: OrdealTask; readonly counts: Counts }

async function takeTurn(door: Door, open: OpenDoor, { task, counts }: Turn): Promise<string[]> {
  const known = [...door.seeds, ...keptCases(door.name)]
  const findings: string[] = []
  for (let texts = 0; texts < textsPerTurn && performance.now() < task.deadlineMs; texts++) {
    const text = mutate(pick(known, task.random) ?? '', known, task.random)
    counts.inputs += 1
    const fault = await faultOf(task.planted ? withPlantedFault(open) : open, text)
    if (fault === null) continue
    counts.crashed += 1
    findings.push(`${door.name}: ${fault}`)
    if (!task.planted) keepCase(door.name, text)
  }
  return findings
}

/** What went wrong with the text; `null` where it was taken or refused in time. */
export async function faultOf(open: OpenDoor, text: string): Promise<string | null> {
  const before = process.cpuUsage()
  try {
    await withinLimit(open.feed(text))
  } catch (thrown) {
    return `${thrown instanceof Error ? thrown.name : 'thrown'}: ${reasonOf(thrown)}`.slice(0, 300)
  }
  const { user, system } = process.cpuUsage(before)
  const tookMs = (user + system) / 1000
  return tookMs > slowestMs ? `a text of ${text.length} characters took ${Math.round(tookMs)} ms` : null
}

async function withinLimit(answer: Promise<void>): Promise<void> {
  const answered = new AbortController()
  const late = sleep(longestMs, undefined, { signal: answered.signal }).then(() => {
    throw new Error(`no answer in ${longestMs} ms`)
  })
  late.catch(() => {})
  try {
    await Promise.race([answer, late])
  } finally {
    answered.abort()
  }
}

/** Stumbles over a key that only a mutation brings. */
function withPlantedFault(open: OpenDoor): OpenDoor {
  return {
    ...open,
    feed: text => (text.includes('constructor') ? Promise.reject(new TypeError('planted')) : open.feed(text)),
  }
}

function keepCase(door: string, text: string): void {
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16)
  mkdirSync(join(casesFolder, door), { recursive: true })
  // As JSON, which keeps lone surrogates.
  writeFileSync(join(casesFolder, door, `${name}.json`), `${JSON.stringify(text)}\n`)
}
