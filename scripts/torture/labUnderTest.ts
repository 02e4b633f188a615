// A whole lab on the data folder that DMABUF_LAB_HOME names: it resumes what was interrupted on its target, or starts
// the plan, and writes down each sample that it acknowledged, as JSON lines.
// node out/torture/labUnderTest.js '<plan as JSON>', as `bundledLab.ts` makes it
import { spawn } from 'node:child_process'
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import type { EventPayload } from '../../contract/calls.ts'
import { reasonOf, toLabError } from '../../contract/error.ts'
import { type Plan, planSchema } from '../../contract/plan.ts'
import { forkEngine } from '../../main/lab/forkedEngine.ts'
import type { LabApplication } from '../../main/lab/lab.ts'
import { openLab } from '../../main/lab/openLab.ts'
import type { LabLine } from './labLines.ts'

const productDirectory = join(import.meta.dirname, '..', '..')
const plan = planSchema.parse(JSON.parse(process.argv[2] ?? ''))
const planted = process.env.DMABUF_LAB_TORTURE_PLANTED === '1'

try {
  await measure()
} catch (thrown) {
  const { kind, message } = toLabError(thrown)
  tell({ type: 'ended', kind, reason: message })
}

async function measure(): Promise<void> {
  const { lab, close } = openLab({
    productDirectory,
    shell: 'terminal',
    startEngine: options => forkEngine(join(import.meta.dirname, 'engineWorker.js'), options),
    findingsWorkerFile: join(import.meta.dirname, 'findingsWorker.js'),
    checkWorkerFile: join(import.meta.dirname, 'checkWorker.js'),
  })
  const ended = Promise.withResolvers<EventPayload<'runEnded'>>()
  lab.on('sampleStored', ({ summary, sample, spans }) =>
    tell({ type: 'acknowledged', runId: summary.id, sample, spans: spans.length }),
  )
  lab.on('runEnded', ended.resolve)
  if (planted) plantFaults()
  await begin(lab, plan)
  const { summary, error } = await ended.promise
  await close().catch((thrown: unknown) => tell({ type: 'ended', kind: 'close', reason: reasonOf(thrown) }))
  tell({ type: 'ended', kind: error?.kind ?? summary.status, reason: error?.message ?? '' })
}

async function begin(lab: LabApplication, wanted: Plan): Promise<void> {
  const history = await lab.handlers.runs.list({})
  const open = history.find(run => run.target === wanted.target && run.status === 'interrupted')
  if (open === undefined) await lab.handlers.runs.start(wanted)
  else await lab.handlers.runs.resume({ runId: open.id })
}

/** A process that outlives its lab. The sample that was never stored is planted by who reads the lines. */
function plantFaults(): void {
  spawn('sleep', ['3600'], { detached: true, stdio: 'ignore' }).unref()
}

/** Synchronous: once a line is out, no death takes it back. */
function tell(line: LabLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}
