// Looks for the samples that a lab wrote down as acknowledged in the history that DMABUF_LAB_HOME names, on whatever is
// left of its disk. Prints what it found as JSON.
// node lostOnDisk.ts <file of lines> [planted]
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toLabError } from '../../contract/error.ts'
import { openStore } from '../../db/openStore.ts'
import { lostSamples } from './acknowledgedSamples.ts'
import { readLabLines } from './labLines.ts'

const text = readFileSync(process.argv[2] ?? '', 'utf8')
const lines = readLabLines(text)
const acknowledged = lines.filter(line => line.type === 'acknowledged')
// A sample that no store has.
if (process.argv[3] === 'planted')
  acknowledged.push(...acknowledged.slice(0, 1).map(line => ({ ...line, runId: 1_000_000 })))
const ended = lines.filter(line => line.type === 'ended').map(line => `${JSON.stringify(line)}\n`)
const answer = { acknowledged: acknowledged.length, lost: lostNow(), text: ended.join('') }
process.stdout.write(`${JSON.stringify(answer)}\n`)

/** On a disk without any room a history cannot be opened; that loses nothing, where nothing was acknowledged. */
function lostNow(): string[] {
  try {
    const store = openStore(join(process.env.DMABUF_LAB_HOME ?? '', 'lab.db'))
    try {
      return lostSamples(store.runs, acknowledged)
    } finally {
      store.close()
    }
  } catch (thrown) {
    const { kind, message } = toLabError(thrown)
    return acknowledged.length === 0 ? [] : [`the history cannot be opened, ${kind}: ${message}`]
  }
}
