import { join } from 'node:path'
import type { EngineEvent, EngineOptions } from '../../../contract/engine.ts'
import { LabFailure } from '../../../contract/error.ts'
import { callFrameSchema } from '../../../contract/frame.ts'
import { examplePlan } from '../../../db/fixtures/exampleRun.ts'
import { openStore } from '../../../db/openStore.ts'
import { CommandRunner } from '../../../engine/commandRunner.ts'
import { type EngineProcess, type ProcessLink, superviseEngine } from '../../../main/lab/engineProcess.ts'
import { runEnded } from '../../../main/lab/fixtures/scriptedLab.ts'
import { LabApplication } from '../../../main/lab/lab.ts'
import { LabLog } from '../../../main/lab/log/labLog.ts'
import { LogFile } from '../../../main/lab/log/logFile.ts'
import { logDirectoryIn } from '../../../main/lab/paths.ts'
import { serveCall } from '../../../main/lab/serveCall.ts'
import { bundledProfile } from '../../../model/profiles/bundledProfiles.ts'
import { type Door, unlessRefused } from './door.ts'
import { imports } from './imports.ts'

const phone = 'ufs4-phone-2024'
const target = `sim:${phone}`
const site = { target, directory: null }
const plan = { target, schemes: ['normal'], sizesBytes: [1024 * 1024], repeats: 1, warmups: 0 }
const asked = { profile: phone, schemes: ['normal', 'memfd-gather-direct'], sizesBytes: [1024 * 1024] }

const seeds: readonly [string, unknown][] = [
  ['shell.info', {}],
  ['targets.list', {}],
  ['targets.probe', site],
  ['targets.ceiling', site],
  ['targets.inspectFile', { target: 'local', path: '/etc/hostname' }],
  ['targets.clean', { target, dryRun: true }],
  ['targets.abandon', { target }],
  ['runs.list', {}],
  ['runs.summaries', { runIds: [1, 2] }],
  ['runs.get', { runId: 1 }],
  ['runs.get', { runId: 1, samples: { from: 0, count: 5 } }],
  ['runs.spans', { sampleId: 1 }],
  ['runs.start', plan],
  ['runs.resume', { runId: 1 }],
  ['runs.extend', { runId: 1, repeats: 1 }],
  ['runs.delete', { runId: 1 }],
  ['runs.discard', { runIds: [1] }],
  ['runs.restore', { runIds: [1] }],
  ['runs.label', { runIds: [1], change: { name: 'mine' } }],
  ['runs.cancel', { runId: 1 }],
  ['runs.export', { runId: 1, format: 'markdown' }],
  ['runs.import', { text: imports.seeds[0] }],
  ['runs.compare', { baseline: 1, candidate: 1 }],
  ['ledger.rows', { filter: 'scheme:normal', count: 10 }],
  ['ledger.facets', { filter: '' }],
  ['ledger.ids', { filter: 'tag:nightly' }],
  ['ledger.pin', { runId: 1 }],
  ['ledger.trend', { device: 'local', scheme: 'normal', bytes: 4096 }],
  ['profiles.list', {}],
  ['profiles.get', { name: phone }],
  ['profiles.save', { ...bundledProfile(phone), name: 'mine' }],
  ['profiles.delete', { name: 'mine' }],
  ['profiles.calibrate', { runId: 1, name: 'mine' }],
  ['model.predict', asked],
  ['model.sweepGather', { profile: phone, scheme: 'memfd-gather-direct', bytes: 1024 * 1024 }],
  ['model.published', { profile: null }],
]

const startingCalls = ['runs.start', 'runs.resume', 'runs.extend']

/** A frame of the page, served by a whole lab, whose engine is in this process and has no agent. */
export const calls: Door = {
  name: 'calls',
  seeds: seeds.map(([call, input], id) => JSON.stringify({ id, call, input })),
  open: folder => {
    const { lab, store, close } = openWholeLab(folder)
    const { id } = store.runs.createRun({ plan: examplePlan(), labVersion: '0.2.0', title: 'a run' })
    store.runs.endRun(id, { status: 'cancelled', reason: '', capabilitiesAfter: null })
    return {
      feed: async text => {
        const frame = await unlessRefused(() => readFrame(text))
        if (frame === undefined) return
        const outcome = await serveCall(lab.handlers, frame.call, frame.input)
        if (!outcome.ok && outcome.error.kind === 'internal') throw new Error(outcome.error.message)
        // A mutated plan may go on for hours.
        if (outcome.ok && startingCalls.includes(frame.call)) await cancelAll(lab)
      },
      close,
    }
  },
}

function openWholeLab(folder: string) {
  const store = openStore(join(folder, 'lab.db'))
  // Nobody answers at this address, and it is not one where the lab would start a server.
  const engine = { agentDirectory: folder, dataDirectory: folder, adbServer: { host: '127.0.0.2', port: 1 } }
  const lab = new LabApplication({
    store,
    startEngine: () => engineInProcess(engine),
    findingsWorkerFile: join(import.meta.dirname, '../../../main/lab/findings/findingsWorker.ts'),
    paths: { dataDirectory: folder, databaseFile: store.file, engine },
    log: new LabLog(new LogFile(logDirectoryIn(folder)), false),
    shell: 'hosted',
    version: '0.1.0',
  })
  const close = async () => {
    await lab.close()
    store.close()
  }
  return { lab, store, close }
}

/** What an engine process does, without the process: each of its messages comes as a copy, a task later. */
function engineInProcess(options: EngineOptions): EngineProcess {
  const gone = Promise.withResolvers<void>()
  const listeners: ((message: unknown) => void)[] = []
  const post = (event: EngineEvent) => {
    setImmediate(() => {
      for (const listener of listeners) listener(structuredClone(event))
    })
  }
  const runner = new CommandRunner(options, post, gone.resolve)
  const end = () => void runner.close().then(gone.resolve)
  const link: ProcessLink = {
    pid: () => process.pid,
    post: message => runner.take(structuredClone(message)),
    onMessage: listener => void listeners.push(listener),
    onGone: listener => void gone.promise.then(() => listener('', '')),
    askToGo: end,
    destroy: end,
  }
  return superviseEngine(link)
}

async function cancelAll(lab: LabApplication): Promise<void> {
  const running = (await lab.handlers.runs.list({})).filter(({ status }) => status === 'running')
  const ends = running.map(({ id }) => runEnded(lab, id))
  for (const { id } of running) await unlessRefused(() => lab.handlers.runs.cancel({ runId: id }))
  await Promise.all(ends)
}

/** As the hosted shell's socket reads it. */
function readFrame(text: string) {
  try {
    return callFrameSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new LabFailure({ kind: 'bad-input', message: 'no frame', hint: '' }, { cause })
  }
}
