import type { CallOutput, EventPayload } from '../../contract/calls.ts'
import type { LabError } from '../../contract/error.ts'
import type { Progress, RunDetail, RunSummary } from '../../contract/run.ts'
import type { Span, StoredSample } from '../../contract/sample.ts'
import type { Capabilities, Ceiling, TargetId, TargetSummary } from '../../contract/target.ts'

export type Probe =
  | { readonly state: 'probing' }
  | { readonly state: 'known'; readonly capabilities: Capabilities; readonly directory: string | null }
  | { readonly state: 'failed'; readonly error: LabError; readonly directory: string | null }

export type LatestSample = { readonly sample: StoredSample; readonly spans: readonly Span[] }

/** What the renderer knows of the lab. Replaced, never changed; a part that did not change stays the same object. */
export type LabState = {
  /** Whether the lab can be reached; while it cannot, all that is shown is how it was last. */
  readonly linkUp: boolean
  readonly info: CallOutput<'labInfo'> | null
  /** `null` until the first list came. */
  readonly targets: readonly TargetSummary[] | null
  readonly probes: ReadonlyMap<TargetId, Probe>
  readonly ceilings: ReadonlyMap<TargetId, Ceiling>
  /** The history; `null` until it was read. */
  readonly runs: ReadonlyMap<number, RunSummary> | null
  readonly details: ReadonlyMap<number, RunDetail>
  readonly progress: ReadonlyMap<number, Progress>
  readonly latest: ReadonlyMap<number, LatestSample>
}

export const emptyLabState: LabState = {
  linkUp: true,
  info: null,
  targets: null,
  probes: new Map(),
  ceilings: new Map(),
  runs: null,
  details: new Map(),
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

/** The whole history as it is now; what is no longer in it was deleted. */
export function withOnlyRuns(state: LabState, runs: readonly RunSummary[]): LabState {
  const kept = new Set(runs.map(run => run.id))
  const gone = [...(state.runs?.keys() ?? [])].filter(runId => !kept.has(runId))
  return runs.reduce(withRun, gone.reduce(withoutRun, state))
}

export function withRun(state: LabState, run: RunSummary): LabState {
  const progress = run.status === 'running' ? state.progress : withoutEntry(state.progress, run.id)
  return { ...state, runs: withEntry(state.runs, run.id, run), progress }
}

export function withoutRun(state: LabState, runId: number): LabState {
  return {
    ...state,
    runs: state.runs === null ? null : withoutEntry(state.runs, runId),
    details: withoutEntry(state.details, runId),
    progress: withoutEntry(state.progress, runId),
    latest: withoutEntry(state.latest, runId),
  }
}

export function withProgress(state: LabState, event: EventPayload<'runProgress'>): LabState {
  return { ...state, progress: withEntry(state.progress, event.runId, event.progress) }
}

/** A detail that was read while samples kept coming may lack the last of them: none that is known is lost. */
export function withDetail(state: LabState, detail: RunDetail): LabState {
  const known = state.details.get(detail.run.id)?.samples ?? []
  const samples = mergedSamples(detail.samples, known)
  return { ...state, details: withEntry(state.details, detail.run.id, { run: detail.run, samples }) }
}

export function withSample(state: LabState, event: EventPayload<'sampleStored'>): LabState {
  const { runId, sample, spans } = event
  // A sample that could not run has nothing to draw: the one before it stays in sight.
  const drawn = spans.length > 0 || !state.latest.has(runId)
  const latest = drawn ? withEntry(state.latest, runId, { sample, spans }) : state.latest
  const detail = state.details.get(runId)
  if (detail === undefined) return { ...state, latest }
  const samples = mergedSamples(detail.samples, [sample])
  return { ...state, latest, details: withEntry(state.details, runId, { run: detail.run, samples }) }
}

function mergedSamples(stored: StoredSample[], more: readonly StoredSample[]): StoredSample[] {
  const lastIndex = stored.at(-1)?.index ?? -1
  const newer = more.filter(sample => sample.index > lastIndex)
  return newer.length === 0 ? stored : [...stored, ...newer]
}

export function runningRuns(runs: ReadonlyMap<number, RunSummary> | null): RunSummary[] {
  return runs === null ? [] : [...runs.values()].filter(run => run.status === 'running')
}
