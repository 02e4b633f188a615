import type { RunSummary } from '../../contract/run.ts'
import type { StoredSample } from '../../contract/sample.ts'
import type { TargetId } from '../../contract/target.ts'
import { runEndText } from '../../findings/words/runEndText.ts'
import { batchPerFrame } from '../base/frameBatch.ts'
import { tell, tellError, valueOrTell } from '../base/notices.ts'
import { parseHash } from '../base/route.ts'
import { createStore, useStore } from '../base/store.ts'
import { lab } from './lab.ts'
import {
  emptyLabState,
  type LabState,
  type Probe,
  withCeiling,
  withDetail,
  withOnlyRuns,
  withoutRun,
  withProbe,
  withProgress,
  withRun,
  withRuns,
  withSample,
  withTargets,
} from './labState.ts'

type Change = (state: LabState) => LabState

export const labStore = createStore<LabState>(emptyLabState)
export const useLab = <T>(select: (state: LabState) => T): T => useStore(labStore, select)

const changeNextFrame = batchPerFrame<Change>(changes =>
  labStore.set(state => changes.reduce((current, change) => change(current), state)),
)

/** Reads what the lab has and listens from then on. Listening starts first, so nothing falls between. */
export async function connectToLab(): Promise<void> {
  lab.on('runChanged', run => {
    tellIfEnded(run)
    changeNextFrame(state => withRun(state, run))
  })
  lab.on('runDeleted', ({ runId }) => changeNextFrame(state => withoutRun(state, runId)))
  lab.on('sampleStored', event => changeNextFrame(state => withSample(state, event)))
  lab.on('runProgress', event => {
    const before = labStore.get().progress.get(event.runId)?.stage
    changeNextFrame(state => withProgress(state, event))
    // By the first measurement the run knows its target and its ceiling.
    if (event.progress.stage === 'measuring' && before !== 'measuring') void rereadIfWatched(event.runId)
  })
  lab.on('targetsChanged', targets => changeNextFrame(state => withTargets(state, targets)))
  lab.on('linkChanged', ({ up }) => {
    labStore.set(state => ({ ...state, linkUp: up }))
    if (up) void catchUp()
  })

  const [info, targets, runs] = await Promise.all([
    valueOrTell(lab.labInfo({})),
    valueOrTell(lab.listTargets({})),
    valueOrTell(lab.listRuns({})),
  ])
  labStore.set(state => ({ ...withTargets(withRuns(state, runs ?? []), targets ?? []), info }))
}

/** Events sent while the link was down are lost; how things stand now makes up for them. */
async function catchUp(): Promise<void> {
  const [targets, runs] = await Promise.all([lab.listTargets({}), lab.listRuns({})])
  if (!targets.ok || !runs.ok) return
  for (const run of runs.value) tellIfEnded(run)
  labStore.set(state => withOnlyRuns(withTargets(state, targets.value), runs.value))
  for (const runId of labStore.get().details.keys()) await readRun(runId)
}

function tellIfEnded(run: RunSummary): void {
  if (labStore.get().runs?.get(run.id)?.status === 'running') tellEnd(run)
}

/** Where the run is not in sight, its end is told. */
function tellEnd(run: RunSummary): void {
  const { view, args } = parseHash(window.location.hash)
  const inSight = view === '' || view === 'bench' || (view === 'runs' && args[0] === String(run.id))
  if (inSight || run.status === 'running') return
  const message = runEndText(run)
  if (run.status === 'finished' || run.status === 'cancelled') tell(message)
  else tellError({ kind: 'engine-crashed', message, hint: 'Resume it from the list of runs.' })
}

/** So few that to check an answer takes less than a frame. */
const samplesAtOnce = 200

/** Reads a run with its samples, piece by piece: one answer with thousands of them would hold up the page. */
export async function readRun(runId: number): Promise<boolean> {
  const samples: StoredSample[] = []
  for (;;) {
    const window = { from: samples.length, count: samplesAtOnce }
    const piece = await valueOrTell(lab.getRun({ runId, samples: window }))
    if (piece === null) return false
    samples.push(...piece.samples)
    if (piece.samples.length < samplesAtOnce) {
      labStore.set(state => withDetail(state, { run: piece.run, samples }))
      return true
    }
  }
}

async function rereadIfWatched(runId: number): Promise<void> {
  if (labStore.get().details.has(runId)) await readRun(runId)
}

export async function probe(target: TargetId, directory: string | null): Promise<void> {
  if (labStore.get().probes.get(target)?.state === 'probing') return
  labStore.set(state => withProbe(state, target, { state: 'probing' }))
  const outcome = await lab.probeTarget({ target, directory })
  const probed: Probe = outcome.ok
    ? { state: 'known', capabilities: outcome.value, directory }
    : { state: 'failed', error: outcome.error, directory }
  labStore.set(state => withProbe(state, target, probed))
}

export async function measureCeiling(target: TargetId, directory: string | null): Promise<void> {
  const ceiling = await valueOrTell(lab.measureCeiling({ target, directory }))
  if (ceiling !== null) labStore.set(state => withCeiling(state, target, ceiling))
}

export async function cancelRun(runId: number): Promise<void> {
  const outcome = await lab.cancelRun({ runId })
  if (!outcome.ok) tellError(outcome.error)
}
