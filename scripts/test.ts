import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStep, type StepResult, signalSteps } from './runStep.ts'
import { chosenStages, type Lane, type Stage, type Step, stepWords } from './suiteSteps.ts'
import { addTallies, outcomeLines, slowestFiles } from './tally.ts'

const words = process.argv.slice(2)
const unknown = words.filter(word => !stepWords.some(known => known.startsWith(word)))
if (unknown.length > 0) {
  console.error(`npm test: no step called ${unknown.join(', ')}. There are ${stepWords.join(', ')}.`)
  process.exit(2)
}

// A terminal sends Ctrl-C to every process of the group: what runs ends by it, and nothing more is started.
let interrupted = false
process.on('SIGINT', () => {
  interrupted = true
})
process.on('SIGTERM', () => {
  interrupted = true
  signalSteps('SIGTERM')
})

const scratch = mkdtempSync(join(tmpdir(), 'dmabuf-lab-test-'))
const startedMs = performance.now()

async function runStage({ lanes, open }: Stage): Promise<StepResult[]> {
  const results: StepResult[] = []
  const left = [...open]
  const run = async (step: Step) => {
    if (!interrupted) results.push(await runStep(step, scratch))
  }
  const runLane = async (lane: Lane) => {
    for (const step of lane) await run(step)
    for (let step = left.shift(); step !== undefined; step = left.shift()) await run(step)
  }
  await Promise.all(lanes.map(runLane))
  return results
}

const results: StepResult[] = []
for (const stage of chosenStages(words)) results.push(...(await runStage(stage)))
rmSync(scratch, { recursive: true, force: true })

const total = addTallies(results.map(({ tally }) => tally))
const seconds = (value: number) => `${value.toFixed(1).padStart(7)} s`
console.log('\nWhere the time went')
for (const result of results)
  console.log(`  ${seconds(result.seconds)}  ${result.name}${result.ok ? '' : '  FAILED'}`)
console.log(`  ${seconds((performance.now() - startedMs) / 1000)}  all of it`)
const slowest = slowestFiles(total, 10)
if (slowest.length > 0) console.log('\nThe slowest files')
for (const { file, seconds: took } of slowest) console.log(`  ${seconds(took)}  ${file}`)
if (total.skipped.length > 0) console.log('\nSkipped')
for (const line of outcomeLines(total.skipped)) console.log(line)
// Last, since the end of a long print is what is read, and all that some of its keepers keep.
if (total.failed.length > 0) console.log('\nFailed')
for (const line of outcomeLines(total.failed)) console.log(line)
console.log(`\n${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped`)
// Steps that test nothing, such as lint alone, pass without a test.
const tested = results.some(({ tally }) => tally.passed > 0) || words.length > 0
process.exit(total.failed.length === 0 && tested && !interrupted ? 0 : 1)
