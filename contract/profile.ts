import { z } from 'zod'
import { MiB, TiB } from './size.ts'

/** What a value may be, and what more of it does to a load. `whole` values are integers. */
type ParameterSpec = {
  readonly unit: 'ns' | 'ns/page' | 'bytes' | 'bytes/s' | 'count' | 'ratio' | 'MiB'
  readonly atLeast: number
  /** Beyond what any device has, and no further than the simulation stays quick and exact. */
  readonly atMost: number
  readonly whole: boolean
  /** `either`: more can pay or cost, as with windows, requests and batches; the model promises nothing. */
  readonly more: 'never slower' | 'never faster' | 'either'
}

const ns = { unit: 'ns', atLeast: 0, atMost: 10e9, whole: false, more: 'never faster' } as const
const nsPerPage = { unit: 'ns/page', atLeast: 0, atMost: 1e6, whole: false, more: 'never faster' } as const
const bytes = { unit: 'bytes', atLeast: 4096, atMost: 16 * TiB, whole: true } as const
const slowdown = { unit: 'ratio', atLeast: 1, atMost: 100, whole: false, more: 'never faster' } as const
const spread = { unit: 'ratio', atLeast: 0, atMost: 1, whole: false, more: 'either' } as const
const kernelInt = { atLeast: 0, atMost: 2 ** 31 - 1, whole: true, more: 'either' } as const
const recordBytes = { unit: 'bytes', atLeast: 1, atMost: MiB, whole: true, more: 'either' } as const

/** Every parameter of a simulated device. A page is 4 KiB; what each means stands in the profile files themselves. */
export const parameterSpecs = {
  cores: { unit: 'count', atLeast: 1, atMost: 1024, whole: true, more: 'never slower' },
  memoryTotalBytes: { ...bytes, more: 'never slower' },
  memoryFreeBytes: { ...bytes, more: 'never slower' },
  scatteredFreeBytes: { ...bytes, atLeast: 0, more: 'never faster' },
  storageBytesPerSecond: { unit: 'bytes/s', atLeast: 1e6, atMost: 1e12, whole: false, more: 'never slower' },
  storageLatencyNs: ns,
  storageQueueDepth: { unit: 'count', atLeast: 1, atMost: 65_536, whole: true, more: 'never slower' },
  storageRequestBytes: { ...bytes, more: 'either' },
  segmentNs: ns,
  directSubmitNs: ns,
  longReadBytes: { ...bytes, more: 'never slower' },
  longReadSlowdown: slowdown,
  readaheadBytes: { ...bytes, more: 'either' },
  pageCacheInsertPageNs: nsPerPage,
  mappedFaultPageNs: nsPerPage,
  mappedReadUnderPressureBytes: { ...bytes, more: 'either' },
  openNs: ns,
  separateMapNs: ns,
  heapSetupNs: ns,
  heapChunkNs: ns,
  heapZeroPageNs: nsPerPage,
  reclaimPageNs: nsPerPage,
  vmapPageNs: nsPerPage,
  shmemPageNs: nsPerPage,
  sharedFaultSlowdown: slowdown,
  udmabufSetupNs: ns,
  udmabufFolioNs: ns,
  pinPageNs: nsPerPage,
  pinBatchBytes: { ...bytes, more: 'either' },
  copyToHeapPageNs: nsPerPage,
  copyToShmemPageNs: nsPerPage,
  heapFaultPageNs: nsPerPage,
  sendfileSetupNs: ns,
  pipeBytes: { ...bytes, more: 'either' },
  pipeRoundNs: ns,
  readerWakeNs: ns,
  earlyWaits: { unit: 'count', atLeast: 0, atMost: 1e6, whole: true, more: 'never faster' },
  earlyWaitNs: ns,
  shortFileSlowdown: slowdown,
  shortFileBytes: { ...bytes, more: 'never faster' },
  longFileBytes: { ...bytes, more: 'never faster' },
  heapClosePageNs: nsPerPage,
  shmemClosePageNs: nsPerPage,
  udmabufSizeLimitMiB: { ...kernelInt, unit: 'MiB' },
  udmabufListLimit: { ...kernelInt, unit: 'count' },
  udmabufEntryBytes: recordBytes,
  udmabufEntryCacheBytes: recordBytes,
  cpuSpread: spread,
  storageSpread: spread,
} as const satisfies Record<string, ParameterSpec>

export type ParameterId = keyof typeof parameterSpecs
export const parameterIds = Object.keys(parameterSpecs).filter(
  (id): id is ParameterId => id in parameterSpecs,
)
export type ParameterValues = Readonly<Record<ParameterId, number>>

/** `a whole number from 1 to 1024`, `a number from 0 to 10000000000 ns`. */
export function rangeText({ unit, atLeast, atMost, whole }: ParameterSpec): string {
  const number = whole ? 'a whole number' : 'a number'
  const unitText = unit === 'count' || unit === 'ratio' ? '' : ` ${unit}`
  return `${number} from ${atLeast} to ${atMost}${unitText}`
}

function parameterSchemaOf(spec: ParameterSpec) {
  const range = rangeText(spec)
  const value = z.number(range).min(spec.atLeast, range).max(spec.atMost, range)
  return z.strictObject({
    value: spec.whole ? value.int(range) : value,
    unit: z.literal(spec.unit),
    meaning: z.string().min(1),
    /** Where the value comes from: a kernel file, a message id, a data sheet, "assumed", a fit and to what. */
    source: z.string().min(1),
    fitted: z.boolean(),
  })
}

export type Parameter = z.infer<ReturnType<typeof parameterSchemaOf>>
export type Parameters = Readonly<Record<ParameterId, Parameter>>

const parameterSchemas: Record<ParameterId, z.ZodType<Parameter>> = (() => {
  const schemas: Partial<Record<ParameterId, z.ZodType<Parameter>>> = {}
  for (const id of parameterIds) schemas[id] = parameterSchemaOf(parameterSpecs[id])
  return requireAll(schemas)
})()

function requireAll<T>(values: Partial<Record<ParameterId, T>>): Record<ParameterId, T> {
  const holdsAll = (all: Partial<Record<ParameterId, T>>): all is Record<ParameterId, T> =>
    parameterIds.every(id => all[id] !== undefined)
  if (!holdsAll(values)) throw new RangeError('a parameter has no value')
  return values
}

/** One value for every parameter, from a function of its id. */
export function mapParameters<T>(valueFor: (id: ParameterId) => T): Record<ParameterId, T> {
  const values: Partial<Record<ParameterId, T>> = {}
  for (const id of parameterIds) values[id] = valueFor(id)
  return requireAll(values)
}

export const profileNameSchema = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'a profile name has small letters, digits, ".", "_" and "-"')

/** What a simulated device can and cannot do, beyond numbers. */
export const profileFeaturesSchema = z.strictObject({
  /** `false`: a restricted heap, whose buffers neither a process nor the kernel may map. */
  heapCpuAccess: z.boolean(),
  /**
   * udmabuf computes its size limit in 32 bits (kernels without commit 021ba7f1babd, CVE-2025-22056): limits of
   * 2048 MiB and more overflow.
   */
  udmabufLimitOverflows: z.boolean(),
})
export type ProfileFeatures = z.infer<typeof profileFeaturesSchema>

const described = { name: profileNameSchema, title: z.string().min(1), notes: z.array(z.string()) }

/** A complete device, ready to be simulated. */
export const profileSchema = z.strictObject({
  ...described,
  features: profileFeaturesSchema,
  parameters: z.strictObject(parameterSchemas),
})
export type Profile = z.infer<typeof profileSchema>

/** A profile's file that holds only what differs from the profile that it extends. */
export const derivedProfileSchema = z.strictObject({
  ...described,
  extends: profileNameSchema,
  features: profileFeaturesSchema.partial(),
  parameters: z.strictObject(parameterSchemas).partial(),
})
export type DerivedProfile = z.infer<typeof derivedProfileSchema>

/** A line of the list of profiles. */
export const profileSummarySchema = z.strictObject({
  name: profileNameSchema,
  title: z.string(),
  /** The lab's own profiles can be neither changed nor deleted. */
  bundled: z.boolean(),
  /** Why it cannot be used, or empty. */
  problem: z.string(),
})
export type ProfileSummary = z.infer<typeof profileSummarySchema>

export function valuesOf(profile: Profile): ParameterValues {
  return mapParameters(id => profile.parameters[id].value)
}

/** The profile with other values; what is not named stays. Nothing is checked against the schema. */
export function withValues(profile: Profile, values: Partial<ParameterValues>): Profile {
  return { ...profile, parameters: { ...profile.parameters, ...changedParameters(profile, values) } }
}

/**
 * The same, refused like a value in a file.
 * @throws ZodError with the path of what is out of its range.
 */
export function withCheckedValues(profile: Profile, values: Partial<ParameterValues>): Profile {
  changedSchema.parse({ parameters: changedParameters(profile, values) })
  return withValues(profile, values)
}

/** The rest of the profile has been checked, and sliders ask for this in every frame. */
const changedSchema = derivedProfileSchema.pick({ parameters: true })

function changedParameters(profile: Profile, values: Partial<ParameterValues>) {
  const changed: Partial<Record<ParameterId, Parameter>> = {}
  for (const id of parameterIds) {
    const value = values[id]
    if (value !== undefined) changed[id] = { ...profile.parameters[id], value }
  }
  return changed
}

export function fittedParameters(profile: Profile): ParameterId[] {
  return parameterIds.filter(id => profile.parameters[id].fitted)
}
