import { z } from 'zod'
import {
  comparisonExportRequest,
  comparisonSchema,
  sidesComparisonSchema,
  sidesSchema,
} from './comparison.ts'
import { labErrorSchema, type Outcome } from './error.ts'
import {
  facetCountsSchema,
  labelChangeSchema,
  ledgerFilterSchema,
  ledgerRowsSchema,
  ledgerWindowSchema,
  trendPointSchema,
} from './ledger.ts'
import {
  calibrationSchema,
  gatherRequestSchema,
  gatherSweepSchema,
  predictionRequestSchema,
  predictionSchema,
} from './model.ts'
import { newPlanSchema, repeatsSchema } from './plan.ts'
import { profileNameSchema, profileSchema, profileSummarySchema } from './profile.ts'
import { publishedTableSchema } from './published.ts'
import {
  exportRequest,
  progressSchema,
  runDetailSchema,
  runIdSchema,
  runSchema,
  runSummarySchema,
  sampleWindowSchema,
} from './run.ts'
import { spanSchema, storedSampleSchema } from './sample.ts'
import { schemeIdSchema } from './schemes.ts'
import { bytesSchema } from './size.ts'
import {
  capabilitiesSchema,
  ceilingSchema,
  madeFileSchema,
  targetIdSchema,
  targetSummarySchema,
} from './target.ts'

const nothing = z.strictObject({})
const byRun = z.strictObject({ runId: runIdSchema })
const byRuns = z.strictObject({ runIds: z.array(runIdSchema).max(100_000) })
const askerSchema = z.string().min(1).max(64)
const byProfile = z.strictObject({ name: profileNameSchema })
/** A target and the folder on it where generated files lie; `null`: the target's own choice. */
const siteSchema = z.strictObject({ target: targetIdSchema, directory: z.string().min(1).nullable() })

const exportedSchema = z.strictObject({ fileName: z.string(), mediaType: z.string(), text: z.string() })

/** How long a discarded run can be restored. */
export const undoMs = 30_000

/**
 * The one table of every call, by topic. Preloads, shells, the lab and the renderer derive theirs from it; an input is
 * checked where a call is served, an output where it is received, and nothing in between.
 */
export const calls = {
  shell: {
    info: {
      input: nothing,
      output: z.strictObject({
        version: z.string(),
        shell: z.enum(['desktop', 'hosted', 'terminal']),
        dataDirectory: z.string(),
        databaseFile: z.string(),
        /** Where faults are noted down; `null` where that cannot be written. */
        logFile: z.string().nullable(),
        /** Things a person should know at once: a database kept aside, an agent not built. */
        notices: z.array(z.string()),
      }),
    },
  },
  targets: {
    list: { input: nothing, output: z.array(targetSummarySchema) },
    probe: { input: siteSchema, output: capabilitiesSchema },
    ceiling: { input: siteSchema, output: ceilingSchema },
    /** As `runs.abandon`, for whatever measures there: a run, or the ceiling alone. */
    abandon: { input: z.strictObject({ target: targetIdSchema }), output: nothing },
    inspectFile: {
      input: z.strictObject({ target: targetIdSchema, path: z.string().min(1).max(4096) }),
      output: z.strictObject({ path: z.string(), bytes: bytesSchema }),
    },
    /** What the lab has made on a target, wherever its runs made it; removed unless it is a dry run. */
    clean: {
      input: z.strictObject({ target: targetIdSchema, dryRun: z.boolean() }),
      output: z.strictObject({ files: z.array(madeFileSchema) }),
    },
  },
  runs: {
    start: { input: newPlanSchema, output: byRun },
    cancel: { input: byRun, output: nothing },
    /** Takes a run from a lab that cannot be told from a dead one. If that is alive, both may measure for a while. */
    abandon: { input: byRun, output: nothing },
    resume: { input: byRun, output: byRun },
    /** More repeats of an ended run, under its own number; the plan keeps that they were added after looking. */
    extend: { input: z.strictObject({ runId: runIdSchema, repeats: repeatsSchema }), output: byRun },
    /** Newest first; with `count` so many of them, and all that are running. */
    list: {
      input: z.strictObject({ count: z.number().int().positive().optional() }),
      output: z.array(runSummarySchema),
    },
    /** Of these runs those that are there. */
    summaries: { input: byRuns, output: z.array(runSummarySchema) },
    /** With all samples, or with those of a window; a window of none is the run alone. */
    get: {
      input: z.strictObject({ runId: runIdSchema, samples: sampleWindowSchema.optional() }),
      output: runDetailSchema,
    },
    spans: { input: z.strictObject({ sampleId: z.number().int().positive() }), output: z.array(spanSchema) },
    delete: { input: byRun, output: nothing },
    /** Out of sight at once, and deleted after {@link undoMs}; none where one of them is running. */
    discard: { input: byRuns, output: nothing },
    /** Takes a `discard` back. */
    restore: { input: byRuns, output: nothing },
    label: { input: byRuns.extend({ change: labelChangeSchema }), output: nothing },
    export: {
      input: z.strictObject({ runId: runIdSchema, ...exportRequest }),
      output: exportedSchema,
    },
    import: { input: z.strictObject({ text: z.string() }), output: byRun },
    compare: {
      input: z.strictObject({ baseline: runIdSchema, candidate: runIdSchema }),
      output: comparisonSchema,
    },
    /**
     * Several runs, schemes of a run or devices beside the first of them. Whoever asks names the question; the same
     * asker's next question, or `dropComparison`, ends the work on it.
     */
    compareSides: {
      input: z.strictObject({ asker: askerSchema, sides: sidesSchema }),
      output: sidesComparisonSchema,
    },
    exportSides: { input: z.strictObject(comparisonExportRequest), output: exportedSchema },
    dropComparison: { input: z.strictObject({ asker: askerSchema }), output: nothing },
  },
  ledger: {
    rows: { input: ledgerWindowSchema, output: ledgerRowsSchema },
    facets: { input: z.strictObject({ filter: ledgerFilterSchema }), output: facetCountsSchema },
    /** The ids of all runs that a filter lets through, in their order. */
    ids: { input: ledgerWindowSchema.pick({ filter: true, sort: true }), output: z.array(runIdSchema) },
    /** Answered once what can be said of these runs is known. */
    settle: { input: byRuns, output: nothing },
    /** From now on the runs of its device are set against this run. */
    pin: { input: byRun, output: nothing },
    unpin: { input: byRun, output: nothing },
    /** One cell over the runs of a device, oldest first. */
    trend: {
      input: z.strictObject({ device: z.string().max(512), scheme: schemeIdSchema, bytes: bytesSchema }),
      output: z.array(trendPointSchema),
    },
  },
  profiles: {
    list: { input: nothing, output: z.array(profileSummarySchema) },
    get: { input: byProfile, output: profileSchema },
    save: { input: profileSchema, output: nothing },
    delete: { input: byProfile, output: nothing },
    /** Fits a profile of that name to a measured run and keeps it. */
    calibrate: {
      input: z.strictObject({ runId: runIdSchema, name: profileNameSchema }),
      output: calibrationSchema,
    },
  },
  model: {
    predict: { input: predictionRequestSchema, output: z.array(predictionSchema) },
    sweepGather: { input: gatherRequestSchema, output: gatherSweepSchema },
    /** `profile`: one for every series; `null`: the one that stands for the series' device. */
    published: {
      input: z.strictObject({ profile: profileNameSchema.nullable() }),
      output: publishedTableSchema,
    },
  },
} as const satisfies Record<string, Record<string, { input: z.ZodType; output: z.ZodType }>>

/** The one table of every event the lab sends to its subscribers. */
export const events = {
  /** A run began, knows its machine and ceiling, ended, or came by an import: all of it but the samples. */
  runChanged: z.strictObject({ summary: runSummarySchema, run: runSchema }),
  /** A run that this lab measured is over; `error` says why it did not end well. Follows its last `runChanged`. */
  runEnded: z.strictObject({ summary: runSummarySchema, error: labErrorSchema.nullable() }),
  runDeleted: byRun,
  /** Answers that are known now, labels or baselines that changed: what a ledger shows of these runs is old. */
  ledgerChanged: byRuns,
  comparisonProgress: z.strictObject({
    asker: z.string(),
    done: z.number().int().nonnegative(),
    total: z.number().int().positive(),
  }),
  /** `summary` counts the sample. */
  sampleStored: z.strictObject({
    summary: runSummarySchema,
    sample: storedSampleSchema,
    spans: z.array(spanSchema),
  }),
  runProgress: z.strictObject({ runId: runIdSchema, progress: progressSchema }),
  targetsChanged: z.array(targetSummarySchema),
  /** All of `shell.info`'s, where something was found since. */
  noticesChanged: z.strictObject({ notices: z.array(z.string()) }),
  /** Told by a preload whose link can drop. Events sent while it is down are lost. `refused`: the token is wrong. */
  linkChanged: z.strictObject({ up: z.boolean(), refused: z.literal(true).optional() }),
} as const satisfies Record<string, z.ZodType>

export type Topic = keyof typeof calls
export type CallOf<T extends Topic> = keyof (typeof calls)[T] & string
type Side<T extends Topic, C extends CallOf<T>, S extends 'input' | 'output'> =
  (typeof calls)[T][C] extends Record<S, infer Schema extends z.ZodType> ? Schema : never
/** What a caller writes (defaults may be left out) and what a handler gets. */
export type CallInput<T extends Topic, C extends CallOf<T>> = z.input<Side<T, C, 'input'>>
export type CheckedInput<T extends Topic, C extends CallOf<T>> = z.output<Side<T, C, 'input'>>
export type CallOutput<T extends Topic, C extends CallOf<T>> = z.output<Side<T, C, 'output'>>
export type EventName = keyof typeof events
export type EventPayload<E extends EventName> = z.output<(typeof events)[E]>

/** Where something is asked of a target. */
export type Site = z.infer<typeof siteSchema>

/** The schemas of every call, so that a topic and a call that are not known before are still typed together. */
export type CallSchemas = {
  readonly [T in Topic]: {
    readonly [C in CallOf<T>]: {
      readonly input: z.ZodType<CheckedInput<T, C>>
      readonly output: z.ZodType<CallOutput<T, C>>
    }
  }
}
export const callSchemas: CallSchemas = calls

/** What `window.lab` is, in every shell. Errors come back as values; every listener returns its unsubscribe. */
export type Lab = {
  readonly [T in Topic]: {
    readonly [C in CallOf<T>]: (input: CallInput<T, C>) => Promise<Outcome<CallOutput<T, C>>>
  }
} & {
  readonly on: <E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void) => () => void
}

/** What serves the calls: plain functions that throw `LabFailure`; shells turn that into outcomes. */
export type LabHandlers = {
  readonly [T in Topic]: {
    readonly [C in CallOf<T>]: (input: CheckedInput<T, C>) => CallOutput<T, C> | Promise<CallOutput<T, C>>
  }
}

export const topics = Object.keys(calls).filter((name): name is Topic => name in calls)
export const eventNames = Object.keys(events).filter((name): name is EventName => name in events)

export function callsOf<T extends Topic>(topic: T): CallOf<T>[] {
  const table = calls[topic]
  return Object.keys(table).filter((name): name is CallOf<T> => name in table)
}

/** A call's name on the way between processes. */
export function callName(topic: Topic, call: string): string {
  return `${topic}.${call}`
}

export const callNames = topics.flatMap(topic => callsOf(topic).map(call => callName(topic, call)))
