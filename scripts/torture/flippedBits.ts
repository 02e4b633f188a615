import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exampleDetail } from '../../db/fixtures/exampleDetail.ts'
import { exampleIdentity, exampleSpans } from '../../db/fixtures/exampleRun.ts'
import { openStore } from '../../db/openStore.ts'
import { between, noCounts, type Ordeal } from './ordeal.ts'
import { type ReadHistory, type ReadRun, readHistorySchema } from './readHistory.ts'

const runsStored = 6
const damagedPerProcess = 20

/** A stored history with a few bits flipped: what is read of it is what was stored, or it is said that it is damaged. */
export const flippedBits: Ordeal = {
  name: 'bits',
  share: 1,
  finds: ['lost'],
  missing: () => null,
  run: async ({ deadlineMs, random, scratch, planted }) => {
    const counts = noCounts()
    const findings: string[] = []
    const whole = join(scratch, 'whole.db')
    storeHistory(whole)
    const [truth] = readHistories([copyOf(whole, join(scratch, 'truth'))])
    if (truth === undefined || !('runs' in truth))
      throw new Error('the history cannot be read before it is damaged')
    if (planted) truth.runs = truth.runs.map(withOtherTimes)
    while (performance.now() < deadlineMs) {
      const folders = Array.from({ length: damagedPerProcess }, (_, place) =>
        join(scratch, `damaged-${place}`),
      )
      const flips = folders.map(folder =>
        flipBits(copyOf(whole, folder), planted ? 0 : between(1, 8, random), random),
      )
      readHistories(folders.map(folder => join(folder, 'lab.db'))).forEach((read, place) => {
        counts.inputs += 1
        const wrong = wrongOf(read, truth.runs)
        if (wrong === null) return
        if (wrong.crashed) counts.crashed += 1
        else counts.lost += 1
        findings.push(`bits ${flips[place]?.join(', ')}: ${wrong.text}`)
      })
      for (const folder of folders) rmSync(folder, { recursive: true })
      if (planted) break
    }
    return { counts, findings: planted ? findings.slice(0, 1) : findings }
  },
}

function storeHistory(file: string): void {
  const store = openStore(file)
  for (let place = 0; place < runsStored; place++) {
    const { run, samples } = exampleDetail(0.5 + place / 20)
    const { id } = store.runs.createRun({ plan: run.plan, labVersion: run.labVersion, title: `run ${place}` })
    store.runs.setStarted(id, { ...run, identity: exampleIdentity })
    for (const { id: _, index: __, ...sample } of samples) store.runs.addSample(id, sample, exampleSpans(8))
    store.runs.endRun(id, { status: 'finished', reason: '', capabilitiesAfter: run.capabilitiesAfter })
  }
  store.close()
}

function copyOf(whole: string, folder: string): string {
  mkdirSync(folder)
  copyFileSync(whole, join(folder, 'lab.db'))
  return join(folder, 'lab.db')
}

/** @returns which bits, counted from the beginning of the file. */
function flipBits(file: string, count: number, random: () => number): number[] {
  const bytes = readFileSync(file)
  const bits = Array.from({ length: count }, () => between(0, bytes.length * 8 - 1, random))
  for (const bit of bits) bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
  writeFileSync(file, bytes)
  return bits
}

/** In a process of its own: a database from a stranger is read by native code. */
function readHistories(files: readonly string[]): ReadHistory[] {
  const child = spawnSync(process.execPath, [join(import.meta.dirname, 'readHistory.ts'), ...files], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  const lines = child.stdout.split('\n').filter(line => line !== '')
  const read = lines.map(line => readHistorySchema.parse(JSON.parse(line)))
  if (read.length === files.length) return read
  return [...read, { failed: 'crash', message: `the reader ended with ${child.status ?? child.signal}` }]
}

function wrongOf(read: ReadHistory, truth: readonly ReadRun[]): { text: string; crashed: boolean } | null {
  if ('failed' in read) return crashOf(read)
  // Kept aside, with a notice, and begun anew; or runs that are missing or changed without one.
  if (read.notices.length > 0) return null
  const byId = new Map(read.runs.map(run => [run.id, run]))
  const wrong = truth.flatMap(run => wrongOfRun(byId.get(run.id), run) ?? [])
  const others = read.runs.filter(({ id }) => !truth.some(run => run.id === id)).flatMap(wrongOfStranger)
  return [...wrong, ...others][0] ?? null
}

function crashOf({ failed, message }: { failed: string; message: string }) {
  const crashed = ['internal', 'crash'].includes(failed)
  return crashed ? { text: `${failed}: ${message}`, crashed } : null
}

function wrongOfRun(run: ReadRun | undefined, truth: ReadRun) {
  if (run === undefined) return { text: `run ${truth.id} is missing, without a word`, crashed: false }
  if ('failed' in run) return crashOf(run)
  if (run.damaged || !('parts' in truth)) return null
  const isSame =
    run.parts.length === truth.parts.length &&
    run.parts.every((part, place) => part === null || part === truth.parts[place])
  return isSame ? null : { text: `run ${run.id} is read otherwise, without a word`, crashed: false }
}

/** A run under a number that none had is said to be damaged. */
function wrongOfStranger(run: ReadRun) {
  if ('failed' in run) return crashOf(run) ?? []
  return run.damaged ? [] : [{ text: `run ${run.id} was never stored`, crashed: false }]
}

/** As if a figure had changed without a word. */
function withOtherTimes(run: ReadRun): ReadRun {
  if (!('parts' in run)) return run
  const parts = run.parts.map(part => part?.replace('"totalNs":', '"totalNs":1') ?? null)
  return { ...run, parts }
}
