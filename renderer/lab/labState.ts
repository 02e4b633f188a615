import type { CallOutput, EventPayload } from '../../contract/calls.ts'
import type { LabError } from '../../contract/error.ts'
import type { Progress, Run, RunDetail, RunSummary } from '../../contract/run.ts'
import type { Span, StoredSample } from '../../contract/sample.ts'
import type { Capabilities, Ceiling, TargetId, TargetSummary } from '../../contract/target.ts'

export type Probe =
  | { readonly state: 'probing' }
  | { readonly state: 'known'; readonly capabilities: Capabilities; readonly directory: string | null }
  | { readonly state: 'failed'; readonly error: LabError; readonly directory: string | null }

export type LatestSample = { readonly sample: StoredSample; readonly spans: readonly Span[] }

/** What the renderer knows of the lab. Replaced, never changed; a part that did not change stays the same object. */
export type LabState = {
  /** While the lab cannot be reached, all that is shown is how it was last. `refused`: the page's token is wrong. */
  readonly link: 'up' | 'down' | 'refused'
  readonly info: CallOutput<'shell', 'info'> | null
  /** `null` until the first list came. */
  readonly targets: readonly TargetSummary[] | null
  readonly probes: ReadonlyMap<TargetId, Probe>
  readonly ceilings: ReadonlyMap<TargetId, Ceiling>
  /** The newest runs, and those that somebody has asked about; `null` until they were read. */
  readonly runs: ReadonlyMap<number, RunSummary> | null
  /** Runs that were asked about and are not there. */
  readonly missing: ReadonlySet<number>
  /** Grows with everything that may change what the list of runs shows. */
  readonly ledgerAge: number
  /** Plan, machine and ceiling of the runs that somebody has asked about or that have changed. */
  readonly described: ReadonlyMap<number, Run>
  /** The samples of the runs that were opened. */
  readonly samples: ReadonlyMap<number, StoredSample[]>
  readonly progress: ReadonlyMap<number, Progress>
  readonly latest: ReadonlyMap<number, LatestSample>
}

export const emptyLabState: LabState = {
  link: 'up',
  info: null,
  targets: null,
  probes: new Map(),
  ceilings: new Map(),
  runs: null,
  missing: new Set(),
  ledgerAge: 0,
  described: new Map(),
  samples: new Map(),
  progress: new Map(),
  latest: new Map(),
}

function withEntry<K, V>(map: ReadonlyMap<K, V> | null, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value)
}

function withoutEntry<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map
  const copy = new Map(map)
  copy.delete(key)
  return copy
}

export function withProbe(state: LabState, target: TargetId, probe: Probe): LabState {
  return { ...state, probes: withEntry(state.probes, target, probe) }
}

/** What was probed of a target that is no longer ready says nothing about it when it comes back. */
export function withTargets(state: LabState, targets: readonly TargetSummary[]): LabState {
  const ready = new Set(targets.filter(target => target.state === 'ready').map(target => target.id))
  const probes = new Map([...state.probes].filter(([target]) => ready.has(target)))
  return { ...state, targets, probes }
}

export function withCeiling(state: LabState, target: TargetId, ceiling: Ceiling): LabState {
  return { ...state, ceilings: withEntry(state.ceilings, target, ceiling) }
}

export function withRuns(state: LabState, runs: readonly RunSummary[]): LabState {
  return { ...state, runs: new Map(runs.map(run => [run.id, run])) }
}

/** Some of the runs as they are now; of those that were asked about, what is not among them is not there. */
export function withLookedUp(
  state: LabState,
  asked: readonly number[],
  runs: readonly RunSummary[],
): LabState {
  const found = new Set(runs.map(run => run.id))
  const missing = new Set([...state.missing, ...asked.filter(runId => !found.has(runId))])
  return runs.reduce(withSummary, { ...state, missing })
}

/** The ledger's rows may be other ones now. */
export function withOlderLedger(state: LabState): LabState {
  return { ...state, ledgerAge: state.ledgerAge + 1 }
}

/** The runs that are known as they are now; what is no longer among them was deleted. */
export function withOnlyRuns(state: LabState, runs: readonly RunSummary[]): LabState {
  const kept = new Set(runs.map(run => run.id))
  const gone = [...(state.runs?.keys() ?? [])].filter(runId => !kept.has(runId))
  return runs.reduce(withSummary, gone.reduce(withoutRun, state))
}

export function withSummary(state: LabState, run: RunSummary): LabState {
  const progress = run.status === 'running' ? state.progress : withoutEntry(state.progress, run.id)
  const missing = state.missing.has(run.id)
    ? new Set([...state.missing].filter(runId => runId !== run.id))
    : state.missing
  return { ...state, runs: withEntry(state.runs, run.id, run), missing, progress }
}

export function withDescribed(state: LabState, run: Run): LabState {
  return { ...state, described: withEntry(state.described, run.id, run) }
}

export function withRun(state: LabState, { summary, run }: EventPayload<'runChanged'>): LabState {
  return withDescribed(withSummary(state, summary), run)
}

export function withoutRun(state: LabState, runId: number): LabState {
  return {
    ...withoutDetail(state, runId),
    missing: new Set([...state.missing, runId]),
    runs: state.runs === null ? null : withoutEntry(state.runs, runId),
    progress: withoutEntry(state.progress, runId),
  }
}

/** Leaves a run in the history alone: the rest of it is read again when it is opened. */
export function withoutDetail(state: LabState, runId: number): LabState {
  return {
    ...state,
    described: withoutEntry(state.described, runId),
    samples: withoutEntry(state.samples, runId),
    latest: withoutEntry(state.latest, runId),
  }
}

/** Forgets the details of the runs that are over and not wanted: a page that is open for weeks sees many. */
export function withDetailsOf(state: LabState, isWanted: (runId: number) => boolean): LabState {
  const known = new Set([...state.described.keys(), ...state.samples.keys(), ...state.latest.keys()])
  const isOver = (runId: number) => state.runs?.get(runId)?.status !== 'running'
  return [...known].filter(runId => isOver(runId) && !isWanted(runId)).reduce(withoutDetail, state)
}

/** Keeps the newest runs, those that are running and those that are wanted; others are read when somebody looks. */
export function withNewestRuns(
  state: LabState,
  count: number,
  isWanted: (runId: number) => boolean,
): LabState {
  if (state.runs === null || state.runs.size <= count) return state
  const newest = new Set([...state.runs.keys()].sort((a, b) => b - a).slice(0, count))
  const kept = [...state.runs].filter(
    ([runId, { status }]) => newest.has(runId) || status === 'running' || isWanted(runId),
  )
  return kept.length === state.runs.size ? state : { ...state, runs: new Map(kept) }
}

export function withProgress(state: LabState, event: EventPayload<'runProgress'>): LabState {
  return { ...state, progress: withEntry(state.progress, event.runId, event.progress) }
}

/** A run that was read while samples kept coming may lack the last of them: none that is known is lost. */
export function withDetail(state: LabState, { run, samples }: RunDetail): LabState {
  const known = state.samples.get(run.id) ?? []
  return withDescribed(
    { ...state, samples: withEntry(state.samples, run.id, mergedSamples(samples, known)) },
    run,
  )
}

export function withSample(
  state: LabState,
  { summary, sample, spans }: EventPayload<'sampleStored'>,
): LabState {
  const runId = summary.id
  const counted = withSummary(state, summary)
  // A sample that could not run has nothing to draw: the one before it stays in sight.
  const drawn = spans.length > 0 || !state.latest.has(runId)
  const latest = drawn ? withEntry(state.latest, runId, { sample, spans }) : state.latest
  const known = state.samples.get(runId)
  if (known === undefined) return { ...counted, latest }
  return { ...counted, latest, samples: withEntry(state.samples, runId, mergedSamples(known, [sample])) }
}

function mergedSamples(stored: StoredSample[], more: readonly StoredSample[]): StoredSample[] {
  const lastIndex = stored.at(-1)?.index ?? -1
  const newer = more.filter(sample => sample.index > lastIndex)
  return newer.length === 0 ? stored : [...stored, ...newer]
}

export function runningRuns(runs: ReadonlyMap<number, RunSummary> | null): RunSummary[] {
  return runs === null ? [] : [...runs.values()].filter(run => run.status === 'running')
}
