import { z } from 'zod'
import { processorsSchema } from './processors.ts'
import {
  type RequirementId,
  requirementIdSchema,
  requirementIds,
  requirementTexts,
  type SchemeId,
  schemeCatalogue,
  schemeIdSchema,
} from './schemes.ts'
import { bytesSchema, nsSchema } from './size.ts'

/** `local`, `sim:<profile>` or `adb:<serial>`. A serial may hold anything but control characters. */
export const targetIdSchema = z
  .string()
  .max(256)
  .regex(
    /^(local|sim:[a-z0-9][a-z0-9._-]*|adb:[^\p{Cc}]+)$/u,
    'a target is local, sim:<profile> or adb:<serial>',
  )
export type TargetId = z.infer<typeof targetIdSchema>

export type TargetKind = 'local' | 'sim' | 'adb'

export function targetKind(target: TargetId): TargetKind {
  if (target.startsWith('sim:')) return 'sim'
  return target.startsWith('adb:') ? 'adb' : 'local'
}

/** The profile's name or the device's serial; empty for `local`. */
export function targetName(target: TargetId): string {
  const colon = target.indexOf(':')
  return colon < 0 ? '' : target.slice(colon + 1)
}

export const targetSummarySchema = z.strictObject({
  id: targetIdSchema,
  kind: z.enum(['local', 'sim', 'adb']),
  title: z.string(),
  /** `ready`, or why a run cannot start there now. */
  state: z.enum(['ready', 'unauthorized', 'offline', 'unavailable']),
  detail: z.string(),
})
export type TargetSummary = z.infer<typeof targetSummarySchema>

export const thermalZoneSchema = z.strictObject({ name: z.string(), milliCelsius: z.number().int() })

/** What a file system can have made of a file, and what a storage could make of its content. */
export const fileStates = [
  'sparse',
  'unwritten',
  'compressed',
  'encrypted',
  'verity',
  'inline',
  'fragmented',
  'immutable',
  'journalled',
  'shared',
  'compressible',
] as const

/** The file that is measured, looked at before the run. `null`: its file system does not tell. */
export const measuredFileSchema = z.strictObject({
  path: z.string(),
  bytes: bytesSchema,
  allocatedBytes: bytesSchema,
  /** Never written, and reserved only: both are read as zeros, without the storage. */
  holeBytes: bytesSchema.nullable(),
  unwrittenBytes: bytesSchema.nullable(),
  extents: z.number().int().nonnegative().nullable(),
  /** Of a sample of its bytes: thousandths of a bit of information a byte; 8000 cannot be compressed. */
  entropyMillibits: z.number().int().nonnegative().nullable(),
  /** Of the pages in that sample: the same as an earlier one. */
  repeatedPercent: z.number().int().nonnegative().nullable(),
  states: z.array(z.enum(fileStates)),
})
export type MeasuredFile = z.infer<typeof measuredFileSchema>

const limit = z.number().int().nonnegative().nullable()

/** Why a limit cannot be told; only where it cannot, and not in runs of older labs, whose exports stay as they are. */
const reasonUntold = z.string().min(1).optional()

/** What binds a process beside the machine: control groups up the tree, cpusets, ulimits. `null`: no limit was seen. */
export const limitsSchema = z.strictObject({
  memoryBytes: limit,
  /** What can still be allocated below the memory limit that leaves the least. */
  memoryLeftBytes: limit,
  /** That the process may run on. */
  processors: limit,
  /** Of one processor's time: 150 is one and a half. */
  processorPercent: limit,
  addressSpaceBytes: limit,
  fileBytes: limit,
  lockedBytes: limit,
  openFiles: limit,
  /** Of `memoryBytes`: some control group's files cannot be read, and no other has a limit. */
  memoryUntold: reasonUntold,
  /** Of `processorPercent`, likewise. */
  processorPercentUntold: reasonUntold,
})
export type Limits = z.infer<typeof limitsSchema>

/**
 * A property's value: one line without what steers a terminal or an eye. AOSP bounds no value that is read only; a
 * fingerprint has about 100 characters. `null`: not told.
 */
export const androidFactSchema = z
  .string()
  .max(256)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+$/u)
  .nullable()

/** Which device and which Android. Nothing in it tells one device from another of its kind: no serial number. */
export const androidSchema = z.strictObject({
  manufacturer: androidFactSchema,
  model: androidFactSchema,
  socManufacturer: androidFactSchema,
  /** Its platform's name, where the device does not tell the model. */
  socModel: androidFactSchema,
  release: androidFactSchema,
  sdk: z.number().int().positive().nullable(),
  securityPatch: androidFactSchema,
  /** `user`, `userdebug` or `eng`. */
  buildType: androidFactSchema,
  fingerprint: androidFactSchema,
})
export type Android = z.infer<typeof androidSchema>

/** What of the machine can change a result (measuring.md, rule 7). `null`: the target does not tell. */
export const environmentSchema = z.strictObject({
  kernel: z.string(),
  architecture: z.string(),
  machine: z.string(),
  /** Only of an adb device that has getprop; not in runs of older labs, whose exports stay as they are. */
  android: androidSchema.optional(),
  pageBytes: bytesSchema,
  cpuCount: z.number().int().nonnegative(),
  governor: z.string().nullable(),
  frequenciesKhz: z.array(z.number().int().nonnegative()),
  /** Not in runs of older labs, nor of a simulated target. */
  processors: processorsSchema.nullable().default(null),
  thermalZones: z.array(thermalZoneSchema),
  /** The sum over the processors' cooling devices; above 0 heat holds a frequency down. Not in runs of older labs. */
  coolingState: z.number().int().nonnegative().nullable().default(null),
  memoryTotalBytes: bytesSchema,
  memoryAvailableBytes: bytesSchema,
  /** Not in runs of older labs, nor of a simulated target. */
  limits: limitsSchema.nullable().default(null),
  directory: z.string(),
  blockDevice: z.string().nullable(),
  fileSystem: z.string().nullable(),
  mountOptions: z.string().nullable(),
  /** The block device's, which a buffered read of a file grows to. Not in runs of older labs. */
  readAheadBytes: bytesSchema.nullable().default(null),
  freeBytes: bytesSchema,
  /** Not in runs of older labs, nor where only a folder was looked at. */
  file: measuredFileSchema.nullable().default(null),
  /** statx STATX_DIOALIGN of a file there: memory and offset alignment of O_DIRECT; 0: it is never read directly. */
  directMemoryAlignBytes: bytesSchema.nullable(),
  directOffsetAlignBytes: bytesSchema.nullable(),
  /** statx STATX_DIO_READ_ALIGN: that of reads, where they need less than writes. Not in runs of older labs. */
  directReadOffsetAlignBytes: bytesSchema.nullable().default(null),
  heaps: z.array(
    z.strictObject({ name: z.string(), access: z.enum(['read', 'denied']), cpuAccess: z.boolean() }),
  ),
  udmabufSizeLimitMiB: z.number().int().nullable(),
  udmabufListLimit: z.number().int().nullable(),
  hugePages: z.string().nullable(),
  root: z.boolean(),
  selinux: z.string().nullable(),
  agentVersion: z.string(),
})
export type Environment = z.infer<typeof environmentSchema>

export const requirementStateSchema = z.strictObject({ met: z.boolean(), why: z.string() })
const notAsked: z.infer<typeof requirementStateSchema> = {
  met: false,
  why: 'not known to the lab that probed it',
}

/** Complete: a run of an older lab says nothing of a need that came later. */
export const requirementStatesSchema = z
  .partialRecord(requirementIdSchema, requirementStateSchema)
  .transform(known => Object.fromEntries(requirementIds.map(id => [id, known[id] ?? notAsked])))
  .pipe(z.record(requirementIdSchema, requirementStateSchema))
export type RequirementStates = z.infer<typeof requirementStatesSchema>

export const schemeStatusSchema = z.strictObject({
  scheme: schemeIdSchema,
  can: z.boolean(),
  why: z.string(),
})
export type SchemeStatus = z.infer<typeof schemeStatusSchema>

/** A probed target: what it is, and for every scheme whether it can run there or why not. */
export const capabilitiesSchema = z.strictObject({
  target: targetIdSchema,
  title: z.string(),
  simulated: z.boolean(),
  environment: environmentSchema,
  requirements: requirementStatesSchema,
  schemes: z.array(schemeStatusSchema),
  /** What root, a setting or a newer kernel would add. */
  notes: z.array(z.string()),
  /** Why there is no ceiling though the plan asks for one; empty where there is, and in runs of older labs. */
  noCeiling: z.string().default(''),
})
export type Capabilities = z.infer<typeof capabilitiesSchema>

/** Every scheme of the catalogue, none left out silently: it can run, or `why` says what it needs. */
export function schemeStatuses(states: RequirementStates): SchemeStatus[] {
  return schemeCatalogue.map(scheme => {
    const unmet = scheme.needs.filter(need => !states[need].met)
    // Two needs may want the same thing for the same reason: it is said once.
    const reasons = new Set(unmet.map(need => states[need].why || requirementTexts[need]))
    const why = [...reasons].join('; ')
    return { scheme: scheme.id, can: unmet.length === 0, why }
  })
}

export function whyNot(capabilities: Capabilities, scheme: SchemeId): string | null {
  const status = capabilities.schemes.find(candidate => candidate.scheme === scheme)
  return status === undefined || status.can ? null : status.why
}

/** Requirement states from a decision per requirement; an empty `why` means met. */
export function requirementStates(whyNotMet: (id: RequirementId) => string): RequirementStates {
  const entries = requirementIds.map(id => [id, { met: whyNotMet(id) === '', why: whyNotMet(id) }] as const)
  return requirementStatesSchema.parse(Object.fromEntries(entries))
}

/** A file that the lab made on a target; `unfinished` ones are what a killed process left. */
export const madeFileSchema = z.strictObject({
  kind: z.enum(['generated', 'pushed', 'unfinished', 'agent']),
  path: z.string(),
  bytes: bytesSchema,
})
export type MadeFile = z.infer<typeof madeFileSchema>

/**
 * The measured best sequential read bandwidth of a target's storage: direct, or through the page cache where the file
 * cannot be read directly.
 */
export const ceilingSchema = z.strictObject({
  bytesPerSecond: z.number().int().positive(),
  bytes: bytesSchema,
  ns: nsSchema,
  blockBytes: bytesSchema,
  depth: z.number().int().positive(),
  ioMode: z.enum(['direct', 'buffered']).default('direct'),
  method: z.string(),
  simulated: z.boolean(),
})
export type Ceiling = z.infer<typeof ceilingSchema>
