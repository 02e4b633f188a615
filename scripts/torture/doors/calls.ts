import { LabFailure } from '../../../contract/error.ts'
import { callFrameSchema } from '../../../contract/frame.ts'
import { examplePlan } from '../../../db/fixtures/exampleRun.ts'
import { openScriptedLab } from '../../../main/lab/fixtures/scriptedLab.ts'
import { serveCall } from '../../../main/lab/serveCall.ts'
import { type Door, unlessRefused } from './door.ts'
import { imports } from './imports.ts'

const seeds: readonly [string, unknown][] = [
  ['shell.info', {}],
  ['runs.list', {}],
  ['runs.get', { runId: 1 }],
  ['runs.get', { runId: 1, samples: { from: 0, count: 5 } }],
  ['runs.spans', { sampleId: 1 }],
  ['runs.delete', { runId: 1 }],
  ['runs.cancel', { runId: 1 }],
  ['runs.export', { runId: 1, format: 'markdown' }],
  ['runs.import', { text: imports.seeds[0] }],
  ['runs.compare', { baseline: 1, candidate: 1 }],
]

/** A frame of the page, served by a lab whose engine follows a script. What starts processes is left to other tests. */
export const calls: Door = {
  name: 'calls',
  seeds: seeds.map(([call, input], id) => JSON.stringify({ id, call, input })),
  open: folder => {
    const { lab, store, close } = openScriptedLab(folder, 'measure')
    store.runs.createRun({ plan: examplePlan(), labVersion: '0.2.0', title: 'a run' })
    return {
      feed: async text => {
        const frame = await unlessRefused(() => readFrame(text))
        if (frame === undefined || /^(targets|profiles|model)\.|^runs\.(start|resume)$/.test(frame.call))
          return
        const outcome = await serveCall(lab.handlers, frame.call, frame.input)
        if (!outcome.ok && outcome.error.kind === 'internal') throw new Error(outcome.error.message)
      },
      close,
    }
  },
}

/** As the hosted shell's socket reads it. */
function readFrame(text: string) {
  try {
    return callFrameSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new LabFailure({ kind: 'bad-input', message: 'no frame', hint: '' }, { cause })
  }
}
