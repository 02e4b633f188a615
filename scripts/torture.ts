import './ownClaim.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { reasonOf } from '../contract/error.ts'
import { randomStream } from '../findings/statistics/randomStream.ts'
import { flippedBits } from './torture/flippedBits.ts'
import { fullDisks } from './torture/fullDisks.ts'
import { fuzzedAgent } from './torture/fuzzedAgent.ts'
import { fuzzedDoors } from './torture/fuzzedDoors.ts'
import { killedLabs } from './torture/killedLabs.ts'
import { lostDevices } from './torture/lostDevices.ts'
import { addCounts, isWhole, noCounts, type Ordeal, type OrdealResult } from './torture/ordeal.ts'

const ordeals: readonly Ordeal[] = [killedLabs, fullDisks, flippedBits, lostDevices, fuzzedDoors, fuzzedAgent]
const names = ordeals.map(({ name }) => name)

/** Of each ordeal: a thousand samples of one run are lost for one reason. */
const findingsShown = 20

const optionsSchema = z.object({
  minutes: z.number(),
  only: z.array(z.string()),
  seed: z.string(),
  prove: z.boolean(),
})

const options = optionsSchema.parse(
  new Command('torture')
    .description('tries to break the lab, and counts what is lost, crashed or left behind')
    .option('--minutes <number>', 'in all, shared by the ordeals', parseMinutes, 60)
    .option('--only <names>', `of ${names.join(', ')}; all unless told`, parseNames, names)
    .option('--seed <text>', 'draws the same again, as far as chance is ours', `${Date.now()}`)
    .option(
      '--prove',
      'plants the faults that each ordeal is there to find, and fails where one is not found',
      false,
    )
    .parse(process.argv)
    .opts(),
)

function parseMinutes(text: string): number {
  const minutes = Number(text)
  if (minutes > 0 && minutes <= 24 * 60) return minutes
  throw new InvalidArgumentError('Give minutes, up to a day.')
}

function parseNames(text: string): string[] {
  const wanted = text.split(',').map(name => name.trim())
  const unknown = wanted.filter(name => !names.includes(name))
  if (unknown.length === 0) return wanted
  throw new InvalidArgumentError(`There is no ${unknown.join(', ')}; there are ${names.join(', ')}.`)
}

async function suffer(ordeal: Ordeal, minutes: number): Promise<OrdealResult> {
  const scratch = mkdtempSync(join(tmpdir(), `dmabuf-lab-torture-${ordeal.name}-`))
  try {
    const deadlineMs = performance.now() + minutes * 60_000
    const random = randomStream(`${options.seed} ${ordeal.name}`)
    return await ordeal.run({ deadlineMs, random, scratch, planted: options.prove })
  } catch (thrown) {
    const crashed = thrown instanceof Error ? (thrown.stack ?? thrown.message) : reasonOf(thrown)
    return { counts: { ...noCounts(), crashed: 1 }, findings: [`the ordeal itself: ${crashed}`] }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

console.log(`seed ${options.seed}; ${options.minutes} min; ordeals: ${options.only.join(', ')}`)
const chosen = ordeals.filter(({ name }) => options.only.includes(name))
const shares = chosen.reduce((sum, { share }) => sum + share, 0)
const results: { ordeal: Ordeal; result: OrdealResult }[] = []
for (const ordeal of chosen) {
  const missing = ordeal.missing()
  if (missing !== null) {
    console.log(`${ordeal.name}: skipped, ${missing}`)
    continue
  }
  const result = await suffer(ordeal, (options.minutes * ordeal.share) / shares)
  results.push({ ordeal, result })
  printRow(ordeal.name, result)
  for (const finding of result.findings.slice(0, findingsShown)) console.log(`    ${finding}`)
  const more = result.findings.length - findingsShown
  if (more > 0) console.log(`    and ${more} more`)
}
const total = addCounts(results.map(({ result }) => result.counts))
printRow('all', { counts: total, findings: [] })

function printRow(name: string, { counts }: OrdealResult): void {
  const cells = Object.entries(counts).map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
  console.log(`${name.padEnd(8)} ${cells.join(', ')}`)
}

if (options.prove) {
  const blind = results.flatMap(({ ordeal, result }) =>
    ordeal.finds.filter(what => result.counts[what] === 0).map(what => `${ordeal.name}: ${what}`),
  )
  console.log(blind.length === 0 ? 'every planted fault was found' : `not found: ${blind.join(', ')}`)
  process.exit(blind.length === 0 ? 0 : 1)
}
process.exit(isWhole(total) ? 0 : 1)
