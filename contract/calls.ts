import { z } from 'zod'
import { comparisonSchema } from './comparison.ts'
import type { Outcome } from './error.ts'
import { calibrationSchema, modelCalls } from './model.ts'
import { newPlanSchema } from './plan.ts'
import { profileNameSchema } from './profile.ts'
import {
  exportFormatSchema,
  progressSchema,
  runDetailSchema,
  runIdSchema,
  runSummarySchema,
  sampleWindowSchema,
} from './run.ts'
import { spanSchema, storedSampleSchema } from './sample.ts'
import { bytesSchema } from './size.ts'
import { capabilitiesSchema, ceilingSchema, targetIdSchema, targetSummarySchema } from './target.ts'

const nothing = z.strictObject({})
const byRun = z.strictObject({ runId: runIdSchema })
const atTarget = z.strictObject({ target: targetIdSchema, directory: z.string().min(1).nullable() })

/**
 * The one table of every call. Preload, Electron main, the hosted server and the renderer derive theirs from it;
 * input is checked where a call is served, output where it is received.
 */
export const calls = {
  labInfo: {
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
  listTargets: { input: nothing, output: z.array(targetSummarySchema) },
  probeTarget: { input: atTarget, output: capabilitiesSchema },
  measureCeiling: { input: atTarget, output: ceilingSchema },
  inspectFile: {
    input: z.strictObject({ target: targetIdSchema, path: z.string().min(1).max(4096) }),
    output: z.strictObject({ path: z.string(), bytes: bytesSchema }),
  },
  startRun: { input: newPlanSchema, output: byRun },
  cancelRun: { input: byRun, output: nothing },
  resumeRun: { input: byRun, output: byRun },
  listRuns: { input: nothing, output: z.array(runSummarySchema) },
  /** With all samples, or with those of a window: a page reads a long run piece by piece. */
  getRun: {
    input: z.strictObject({ runId: runIdSchema, samples: sampleWindowSchema.optional() }),
    output: runDetailSchema,
  },
  getSpans: { input: z.strictObject({ sampleId: z.number().int().positive() }), output: z.array(spanSchema) },
  deleteRun: { input: byRun, output: nothing },
  exportRun: {
    input: z.strictObject({ runId: runIdSchema, format: exportFormatSchema }),
    output: z.strictObject({ fileName: z.string(), mediaType: z.string(), text: z.string() }),
  },
  compareRuns: {
    input: z.strictObject({ baseline: runIdSchema, candidate: runIdSchema }),
    output: comparisonSchema,
  },
  importRun: { input: z.strictObject({ text: z.string() }), output: byRun },
  ...modelCalls,
  /** Fits a profile of that name to a measured run and keeps it. */
  calibrate: {
    input: z.strictObject({ runId: runIdSchema, name: profileNameSchema }),
    output: calibrationSchema,
  },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>

/** The one table of every event the lab sends to its subscribers. */
export const events = {
  runChanged: runSummarySchema,
  runDeleted: byRun,
  sampleStored: z.strictObject({
    runId: runIdSchema,
    sample: storedSampleSchema,
    spans: z.array(spanSchema),
  }),
  runProgress: z.strictObject({ runId: runIdSchema, progress: progressSchema }),
  targetsChanged: z.array(targetSummarySchema),
  /** Told by a preload whose link can drop. Events sent while it is down are lost. */
  linkChanged: z.strictObject({ up: z.boolean() }),
} as const satisfies Record<string, z.ZodType>

export type CallName = keyof typeof calls
/** What a caller writes (defaults may be left out) and what a handler gets. */
export type CallInput<C extends CallName> = z.input<(typeof calls)[C]['input']>
export type CheckedInput<C extends CallName> = z.output<(typeof calls)[C]['input']>
export type CallOutput<C extends CallName> = z.output<(typeof calls)[C]['output']>
export type EventName = keyof typeof events
export type EventPayload<E extends EventName> = z.output<(typeof events)[E]>

/** What `window.lab` is, in every shell. Errors come back as values; every listener returns its unsubscribe. */
export type Lab = {
  readonly [C in CallName]: (input: CallInput<C>) => Promise<Outcome<CallOutput<C>>>
} & {
  readonly on: <E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void) => () => void
}

/** What serves the calls: plain functions that throw `LabFailure`; shells turn that into outcomes. */
export type LabHandlers = {
  readonly [C in CallName]: (input: CheckedInput<C>) => CallOutput<C> | Promise<CallOutput<C>>
}

export const callNames = Object.keys(calls).filter((name): name is CallName => name in calls)
export const eventNames = Object.keys(events).filter((name): name is EventName => name in events)
