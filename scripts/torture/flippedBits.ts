import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type Wrong, wrongSchema } from './flippedHistories.ts'
import { between, noCounts, type Ordeal } from './ordeal.ts'
import { storeHistory } from './storedHistory.ts'

const historiesPerProcess = 200
/** Of so many processes one gets histories in which several bits flipped. */
const severalEvery = 4
/** In memory, where there is such a place: each history is written anew. */
const memoryFolder = '/dev/shm'

/** A stored history with bits flipped: what is read of it is what was stored, or it is said that it is damaged. */
export const flippedBits: Ordeal = {
  name: 'bits',
  share: 1,
  finds: ['lost'],
  missing: () => null,
  run: async ({ deadlineMs, random, scratch, planted }) => {
    const counts = noCounts()
    const findings: string[] = []
    const folder = existsSync(memoryFolder) ? mkdtempSync(join(memoryFolder, 'dmabuf-lab-torture-')) : scratch
    try {
      const whole = join(folder, 'whole.db')
      storeHistory(whole)
      const allBits = statSync(whole).size * 8
      const inTurn = bitsInTurn(allBits, random)
      for (let turn = 1; performance.now() < deadlineMs; turn += 1) {
        const flips = Array.from({ length: planted ? 1 : historiesPerProcess }, () =>
          turn % severalEvery === 0 ? severalBits(allBits, random) : [inTurn()],
        )
        const damaged = planted ? withOtherTimes(whole, folder) : whole
        const place = { truth: whole, damaged, folder: join(folder, `turn-${turn}`) }
        wrongOf(place, flips).forEach((wrong, nth) => {
          counts.inputs += 1
          if (wrong === null) return
          if (wrong.crashed) counts.crashed += 1
          else counts.lost += 1
          findings.push(`bits ${flips[nth]?.join(', ')} of ${allBits}: ${wrong.text}`)
        })
        if (planted) break
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    return { counts, findings }
  },
}

/** One bit after the other in an order of chance: those of an hour are each another one. */
function bitsInTurn(allBits: number, random: () => number): () => number {
  const bits = Uint32Array.from({ length: allBits }, (_, bit) => bit)
  let turn = 0
  return () => {
    const drawn = turn % allBits
    const other = between(drawn, allBits - 1, random)
    const bit = bits[other] ?? 0
    bits[other] = bits[drawn] ?? 0
    bits[drawn] = bit
    turn += 1
    return bit
  }
}

function severalBits(allBits: number, random: () => number): number[] {
  return Array.from({ length: between(2, 8, random) }, () => between(0, allBits - 1, random))
}

type Damaging = { readonly truth: string; readonly damaged: string; readonly folder: string }

/** In a process of its own: a database from a stranger is read by native code. One that ends it is the last one. */
function wrongOf({ truth, damaged, folder }: Damaging, flips: readonly (readonly number[])[]): Wrong[] {
  mkdirSync(folder)
  const words = [join(import.meta.dirname, 'flippedHistories.ts'), truth, damaged, folder]
  const child = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    input: JSON.stringify(flips),
    maxBuffer: 2 ** 28,
  })
  rmSync(folder, { recursive: true })
  const wrong = child.stdout
    .split('\n')
    .flatMap(line => (line === '' ? [] : [wrongSchema.parse(JSON.parse(line))]))
  if (wrong.length === flips.length) return wrong
  const text = `the reader ended with ${child.status ?? child.signal}: ${child.stderr.slice(-500)}`
  return [...wrong, { text, crashed: true }]
}

/** As if a figure had changed without a word. */
function withOtherTimes(whole: string, folder: string): string {
  const changed = join(folder, 'changed.db')
  copyFileSync(whole, changed)
  const db = new Database(changed)
  db.exec('UPDATE samples SET totalNs = totalNs + 1, checksum = NULL')
  db.close()
  return changed
}
