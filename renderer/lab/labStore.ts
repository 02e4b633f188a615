import type { Outcome } from '../../contract/error.ts'
import type { RunSummary } from '../../contract/run.ts'
import type { StoredSample } from '../../contract/sample.ts'
import type { TargetId } from '../../contract/target.ts'
import { abandonRisk } from '../../findings/words/abandonText.ts'
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
  withDescribed,
  withDetail,
  withDetailsOf,
  withLookedUp,
  withNewestRuns,
  withOlderLedger,
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

/** How many look at a run now. */
const watchers = new Map<number, number>()
/** The runs looked at last: to come back to one of them costs nothing. */
let recent: readonly number[] = []
const mostRecent = 4

/** Keeps what is known of a run while somebody looks at it. Returns the end of that. */
export function watchRun(runId: number): () => void {
  recent = [...recent.filter(id => id !== runId), runId].slice(-mostRecent)
  watchers.set(runId, (watchers.get(runId) ?? 0) + 1)
  return () => {
    const left = (watchers.get(runId) ?? 1) - 1
    if (left > 0) watchers.set(runId, left)
    else watchers.delete(runId)
    forgetUnwatched()
  }
}

function forgetUnwatched(): void {
  const isWanted = (runId: number) => watchers.has(runId) || recent.includes(runId)
  changeNextFrame(state => withNewestRuns(withDetailsOf(state, isWanted), newestRuns, isWanted))
}

/** So many are known from the start; others are read when somebody looks at them. */
const newestRuns = 100

/** Reads what the lab has and listens from then on. Listening starts first, so nothing falls between. */
export async function connectToLab(): Promise<void> {
  lab.on('runChanged', event => {
    tellIfEnded(event.summary)
    changeNextFrame(state => withOlderLedger(withRun(state, event)))
    if (event.summary.status !== 'running') forgetUnwatched()
  })
  lab.on('runDeleted', ({ runId }) => changeNextFrame(state => withOlderLedger(withoutRun(state, runId))))
  lab.on('sampleStored', event => changeNextFrame(state => withSample(state, event)))
  lab.on('runProgress', event => changeNextFrame(state => withProgress(state, event)))
  lab.on('targetsChanged', targets => changeNextFrame(state => withTargets(state, targets)))
  lab.on('noticesChanged', ({ notices }) =>
    changeNextFrame(state => ({ ...state, info: state.info && { ...state.info, notices } })),
  )
  lab.on('linkChanged', ({ up, refused }) => {
    const link = up ? 'up' : refused === true ? 'refused' : 'down'
    labStore.set(state => ({ ...state, link }))
    if (up) void catchUp()
  })

  const [info, targets, runs] = await Promise.all([
    firstValue(lab.shell.info({})),
    firstValue(lab.targets.list({})),
    firstValue(lab.runs.list({ count: newestRuns })),
  ])
  labStore.set(state => ({ ...withTargets(withRuns(state, runs ?? []), targets ?? []), info }))
}

/** As {@link valueOrTell}, but for a page without the token: its banner says so. */
async function firstValue<T>(answer: Promise<Outcome<T>>): Promise<T | null> {
  const outcome = await answer
  if (!outcome.ok && labStore.get().link === 'refused') return null
  return valueOrTell(Promise.resolve(outcome))
}

/** Events sent while the link was down are lost; how things stand now makes up for them. */
async function catchUp(): Promise<void> {
  const known = [...(labStore.get().runs?.keys() ?? [])]
  const [targets, newest, older] = await Promise.all([
    lab.targets.list({}),
    lab.runs.list({ count: newestRuns }),
    lab.runs.summaries({ runIds: known }),
  ])
  if (!targets.ok || !newest.ok || !older.ok) return
  const runs = [...new Map([...newest.value, ...older.value].map(run => [run.id, run])).values()]
  for (const run of runs) tellIfEnded(run)
  labStore.set(state => withOlderLedger(withOnlyRuns(withTargets(state, targets.value), runs)))
  const { samples, described } = labStore.get()
  for (const runId of samples.keys()) await readRun(runId)
  for (const runId of described.keys()) if (!samples.has(runId)) await describeRun(runId)
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

/** Unpacked and checked in a good part of a frame; a run of 5,000 samples in one piece would hold the page up. */
const samplesAtOnce = 1000

/** Reads a run with its samples. The lab reads the next piece while the page takes one in. */
export async function readRun(runId: number): Promise<void> {
  const pieceFrom = (from: number) => lab.runs.get({ runId, samples: { from, count: samplesAtOnce } })
  const samples: StoredSample[] = []
  const isMoreKnown = (from: number) => from < (labStore.get().runs?.get(runId)?.samplesDone ?? 0)
  for (let from = 0, asked = pieceFrom(0); ; ) {
    const expected = from + samplesAtOnce
    const ahead = isMoreKnown(expected) ? pieceFrom(expected) : null
    const piece = await valueOrTell(asked)
    if (piece === null) return
    samples.push(...piece.samples)
    if (piece.samples.length === samplesAtOnce) {
      // A run that was salvaged may lack some in between.
      from = (samples.at(-1)?.index ?? -1) + 1
      asked = ahead !== null && from === expected ? ahead : pieceFrom(from)
      continue
    }
    // In line with the events, so that an older state does not follow a newer one.
    changeNextFrame(state => withDetail(state, { run: piece.run, samples }))
    return
  }
}

/** Reads what is in the history of these runs, where it is not known whether they are there. */
export async function lookUpRuns(runIds: readonly number[]): Promise<void> {
  const { runs, missing } = labStore.get()
  const unknown = runIds.filter(runId => !(runs?.has(runId) || missing.has(runId)))
  if (unknown.length === 0) return
  const found = await valueOrTell(lab.runs.summaries({ runIds: unknown }))
  if (found !== null) labStore.set(state => withLookedUp(state, unknown, found))
}

const noSamples = { from: 0, count: 0 }

/** Reads a run without its samples. */
export async function describeRun(runId: number): Promise<void> {
  const detail = await valueOrTell(lab.runs.get({ runId, samples: noSamples }))
  if (detail !== null) changeNextFrame(state => withDescribed(state, detail.run))
}

export async function probe(target: TargetId, directory: string | null): Promise<void> {
  if (labStore.get().probes.get(target)?.state === 'probing') return
  labStore.set(state => withProbe(state, target, { state: 'probing' }))
  const outcome = await lab.targets.probe({ target, directory })
  const probed: Probe = outcome.ok
    ? { state: 'known', capabilities: outcome.value, directory }
    : { state: 'failed', error: outcome.error, directory }
  labStore.set(state => withProbe(state, target, probed))
}

export async function measureCeiling(target: TargetId, directory: string | null): Promise<void> {
  const ceiling = await valueOrTell(lab.targets.ceiling({ target, directory }))
  if (ceiling !== null) labStore.set(state => withCeiling(state, target, ceiling))
}

export async function cancelRun(runId: number): Promise<void> {
  const outcome = await lab.runs.cancel({ runId })
  if (outcome.ok) return
  const { error } = outcome
  if (error.kind !== 'busy') return tellError(error)
  // Another lab measures it, or did until it died where nobody can see that.
  const abandon = { title: `Abandon run ${runId}`, run: () => void abandonRun(runId) }
  tellError({ ...error, hint: `${error.hint} ${abandonRisk}` }, abandon)
}

async function abandonRun(runId: number): Promise<void> {
  const abandoned = await valueOrTell(lab.runs.abandon({ runId }))
  if (abandoned !== null) tell(`Run ${runId} is abandoned. It can be resumed.`)
}
