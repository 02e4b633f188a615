import { z } from 'zod'
import { labErrorSchema } from './error.ts'
import { planSchema } from './plan.ts'
import { profileNameSchema } from './profile.ts'
import { progressSchema, runDetailSchema } from './run.ts'
import { sampleSchema, spanSchema } from './sample.ts'
import { bytesSchema } from './size.ts'
import {
  capabilitiesSchema,
  ceilingSchema,
  madeFileSchema,
  targetIdSchema,
  targetSummarySchema,
} from './target.ts'

/** Where an adb server listens; loopback and 5037 unless told. */
export const adbServerSchema = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65535),
})
export type AdbServer = z.infer<typeof adbServerSchema>

/** What an engine process is told once, at its start. */
export const engineOptionsSchema = z.strictObject({
  /** Folder of the agent binaries, `dmabuf-lab-agent-<arch>`. */
  agentDirectory: z.string(),
  /** The lab's data folder: generated files of `local` lie in its `files/`, users' profiles in its `profiles/`. */
  dataDirectory: z.string(),
  /** SHA-256 of the agents that came with a package, by machine as uname names it. Absent where they are built here. */
  agentHashes: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)).optional(),
  adbServer: adbServerSchema,
  /** Further servers, such as the virtual device's own: used while they run, never started. */
  otherAdbServers: z.array(adbServerSchema).optional(),
  /** Also says what passes between it and its agents. */
  verbose: z.boolean().optional(),
})
export type EngineOptions = z.infer<typeof engineOptionsSchema>

/** One line between an engine process and an agent, or the agent's start or end. */
export const agentTalkSchema = z.strictObject({
  /** Counts the agents of one engine process. */
  agent: z.number().int().positive(),
  what: z.enum(['started', 'to', 'from', 'stderr', 'ended']),
  text: z.string(),
})
export type AgentTalk = z.infer<typeof agentTalkSchema>

/**
 * What the lab asks about profiles and the model: a call of the table, whose input the engine checks. The fit of a
 * profile comes with the run, which the engine cannot read.
 */
export const modelQuestionSchema = z.strictObject({
  topic: z.enum(['profiles', 'model']),
  call: z.string(),
  input: z.unknown(),
})
export type ModelQuestion = z.infer<typeof modelQuestionSchema>
export type ModelTopic = ModelQuestion['topic']
export const calibrationRequestSchema = z.strictObject({ run: runDetailSchema, name: profileNameSchema })

const site = { target: targetIdSchema, directory: z.string().nullable() }

/** What the lab tells an engine process. One process serves one target and runs one plan at a time. */
export const engineCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run'), plan: planSchema, doneKeys: z.array(z.string()) }),
  z.strictObject({ type: z.literal('cancel') }),
  /** End what is under way, then the process. For channels whose own end is not told. */
  z.strictObject({ type: z.literal('close') }),
  z.strictObject({ type: z.literal('probe'), ...site }),
  z.strictObject({ type: z.literal('ceiling'), ...site }),
  /** Looks through the target's own folders and these for what the lab made, and removes it if told to. */
  z.strictObject({
    type: z.literal('clean'),
    target: targetIdSchema,
    directories: z.array(z.string()),
    remove: z.boolean(),
  }),
  z.strictObject({ type: z.literal('inspect'), target: targetIdSchema, path: z.string() }),
  z.strictObject({ type: z.literal('model'), question: modelQuestionSchema }),
  z.strictObject({ type: z.literal('watchTargets') }),
])
export type EngineCommand = z.infer<typeof engineCommandSchema>

/**
 * What tells one machine and one file from others of their kind, where the environment does not; `null`: not told, or
 * a generated file, which is its seed.
 */
export const identitySchema = z.strictObject({ machine: z.string().nullable(), file: z.string().nullable() })
export type Identity = z.infer<typeof identitySchema>

/**
 * What an engine process says. Each command but `cancel`, `close` and `watchTargets` ends with exactly one `probed`,
 * `ceilingMeasured`, `inspected`, `cleaned`, `modelAnswered`, `ended` or `failed`; `watchTargets` sends `targets` at
 * once and at every change.
 */
export const engineEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('probed'), capabilities: capabilitiesSchema }),
  z.strictObject({ type: z.literal('ceilingMeasured'), ceiling: ceilingSchema }),
  z.strictObject({ type: z.literal('inspected'), path: z.string(), bytes: bytesSchema }),
  z.strictObject({ type: z.literal('cleaned'), files: z.array(madeFileSchema) }),
  /** Checked against the table of calls by whoever asked. */
  z.strictObject({ type: z.literal('modelAnswered'), answer: z.unknown() }),
  z.strictObject({ type: z.literal('targets'), targets: z.array(targetSummarySchema) }),
  z.strictObject({
    type: z.literal('started'),
    capabilities: capabilitiesSchema,
    ceiling: ceilingSchema.nullable(),
    identity: identitySchema,
    /** Sizes resolved: with a file of the user's own and no sizes, the file's size. */
    samplesPlanned: z.number().int().nonnegative(),
  }),
  z.strictObject({ type: z.literal('progress'), progress: progressSchema }),
  z.strictObject({ type: z.literal('sample'), sample: sampleSchema, spans: z.array(spanSchema) }),
  z.strictObject({
    type: z.literal('ended'),
    status: z.enum(['finished', 'cancelled']),
    capabilitiesAfter: capabilitiesSchema.nullable(),
  }),
  z.strictObject({ type: z.literal('failed'), error: labErrorSchema }),
  /** With the option `verbose` only; for the log. */
  z.strictObject({ type: z.literal('agentTalk'), talk: agentTalkSchema }),
])
export type EngineEvent = z.infer<typeof engineEventSchema>
