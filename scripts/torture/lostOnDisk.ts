// Looks for the samples that a lab wrote down as acknowledged in the history that DMABUF_LAB_HOME names, on whatever is
// left of its disk. Prints what it found as JSON.
// node lostOnDisk.ts <file of lines> [planted]
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toLabError } from '../../contract/error.ts'
import { MiB } from '../../contract/size.ts'
import { openStore } from '../../db/openStore.ts'
import { lostSamples } from './acknowledgedSamples.ts'
import { readLabLines } from './labLines.ts'

/** More than any disk of the ordeal has. */
const grownBytes = 16 * MiB
const text = readFileSync(process.argv[2] ?? '', 'utf8')
const lines = readLabLines(text)
const acknowledged = lines.filter(line => line.type === 'acknowledged')
// A sample that no store has.
if (process.argv[3] === 'planted')
  acknowledged.push(...acknowledged.slice(0, 1).map(line => ({ ...line, runId: 1_000_000 })))
const ended = lines.filter(line => line.type === 'ended').map(line => `${JSON.stringify(line)}\n`)
const answer = { acknowledged: acknowledged.length, lost: lostNow(), text: ended.join('') }
process.stdout.write(`${JSON.stringify(answer)}\n`)

function lostNow(): string[] {
  const home = process.env.DMABUF_LAB_HOME ?? ''
  try {
    return lostIn(home)
  } catch (thrown) {
    if (toLabError(thrown).kind !== 'store-full') return unopened(thrown)
    // On a disk without a byte left SQLite cannot make its index of the log: a person is told to free some space.
    const grown = spawnSync('mount', ['-o', `remount,size=${grownBytes}`, home], { encoding: 'utf8' })
    if (grown.status !== 0) throw new Error(`the disk cannot be made larger: ${grown.stderr}`)
    try {
      return lostIn(home)
    } catch (again) {
      return unopened(again)
    }
  }
}

function lostIn(home: string): string[] {
  const store = openStore(join(home, 'lab.db'))
  try {
    return lostSamples(store.runs, acknowledged)
  } finally {
    store.close()
  }
}

function unopened(thrown: unknown): string[] {
  const { kind, message } = toLabError(thrown)
  return [`the history cannot be opened, ${kind}: ${message}`]
}
