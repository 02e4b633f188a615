import type { Identity } from '../../contract/engine.ts'
import type { HugePageSize, MadeState } from '../../contract/plan.ts'
import type { Sample, Span } from '../../contract/sample.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import type { Capabilities, Ceiling, MadeFile, TargetId } from '../../contract/target.ts'

/** A file on the target that loads read from. */
export type TargetFile = {
  readonly path: string
  readonly bytes: number
  /** What the buffer is checked against: content generated from the seed, or the file itself. */
  readonly content: { readonly from: 'seed'; readonly seed: number } | { readonly from: 'file' }
}

export type BytesDone = (doneBytes: number, totalBytes: number) => void

export type GeneratedFile = {
  readonly bytes: number
  readonly seed: number
  /** Plain unless told. */
  readonly state?: MadeState
  /** Folder on the target; `null`: its own choice. */
  readonly directory: string | null
}

/** One timed load. */
export type Load = {
  readonly scheme: SchemeId
  readonly file: TargetFile
  /** How much of the file is loaded, from its start. */
  readonly bytes: number
  readonly gatherBytes: number
  readonly readers: number
  readonly heap: string
  readonly verify: boolean
  readonly hugePages: boolean
  readonly hugePageSize?: HugePageSize | null | undefined
  /** Threads that bring the buffer's pages in; `null`: the agent's own choice. */
  readonly populators?: number | null
  /** That it is bound to, and what their clock is capped at; `null`: neither. */
  readonly processors?: string | null
  readonly clockKhz?: number | null
  /** Which load of the plan it is, and the plan's seed: what a simulated target draws its noise from. */
  readonly repeat: number
  readonly warmup: boolean
  readonly seed: number
  readonly setting?: number | null
}

/** A sample but for what only the run knows: which load of the plan it is, and the ceiling. */
export type LoadResult = {
  readonly sample: Omit<Sample, 'repeat' | 'warmup' | 'setting' | 'ofCeiling'>
  readonly spans: readonly Span[]
}

export type Claim = { readonly release: () => Promise<void> }

/** Memory held under pressure until `stop`. Both reject with `no-memory` where it was not held until then. */
export type Pressure = {
  /** Resolves with the proof that it is held now. */
  readonly confirm: (signal: AbortSignal) => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * What a probe looks at beside the target itself: the folder of generated files and the heap. With `measuredFile`, a
 * path on the target, that file's own disk is described and not the folder's.
 */
export type ProbeScope = {
  readonly directory: string | null
  readonly heap: string
  readonly measuredFile?: string
}

export type Cleaning = { readonly directories: readonly string[]; readonly remove: boolean }

/**
 * Where loads run. Every method rejects with a `LabFailure`, of kind `cancelled` as soon as its signal is aborted;
 * a load that ran and went wrong is a result with its status, not a rejection.
 */
export type Target = {
  readonly id: TargetId
  readonly probe: (scope: ProbeScope, signal: AbortSignal) => Promise<Capabilities>
  /** Makes the generated file, or finds it there from an earlier run. */
  readonly prepare: (file: GeneratedFile, onBytes: BytesDone, signal: AbortSignal) => Promise<TargetFile>
  /** A file of the user's own, brought to the target first where that is needed. */
  readonly adopt: (path: string, onBytes: BytesDone, signal: AbortSignal) => Promise<TargetFile>
  /** What `adopt` would take, looked at only. */
  readonly inspect: (path: string, signal: AbortSignal) => Promise<TargetFile>
  readonly identity: (file: TargetFile) => Promise<Identity>
  readonly ceiling: (file: TargetFile, signal: AbortSignal) => Promise<Ceiling>
  readonly measure: (load: Load, signal: AbortSignal) => Promise<LoadResult>
  readonly startPressure: (bytes: number, signal: AbortSignal) => Promise<Pressure>
  /** What the lab made in its own folders and in these; removed if told to. */
  readonly clean: (cleaning: Cleaning, signal: AbortSignal) => Promise<MadeFile[]>
  /** Keeps the machine for this engine until it is released. @throws LabFailure `busy` where another lab measures on it. */
  readonly claim: (signal: AbortSignal) => Promise<Claim>
  readonly dispose: () => Promise<void>
}
