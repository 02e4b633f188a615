import { z } from 'zod'
import { labErrorSchema } from '../../contract/error.ts'
import { sampleSchema, spanSchema } from '../../contract/sample.ts'
import { requirementIdSchema } from '../../contract/schemes.ts'
import { bytesSchema, nsSchema } from '../../contract/size.ts'
import { ceilingSchema, environmentSchema, madeFileSchema } from '../../contract/target.ts'

/** docs/agent-protocol.md, as schemas. */
export const protocolVersion = 3

/** A line of type `T`; the version and the type are checked, then dropped by whoever uses the line. */
const line = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ v: z.literal(protocolVersion), type: z.literal(type), ...shape })

// Which Android it runs on, getprop tells, and not the agent.
const { architecture, ...sharedEnvironment } = environmentSchema.omit({ android: true }).shape
const sampleShape = sampleSchema.shape

export const errorLineSchema = line('error', {
  kind: labErrorSchema.shape.kind.extract([
    'bad-input',
    'bad-file',
    'no-space',
    'no-memory',
    'unsupported',
    'agent-failed',
    'busy',
  ]),
  message: z.string().min(1),
  hint: z.string(),
  errno: z.string().optional(),
})

export const versionLineSchema = line('version', {
  agent: z.string(),
  protocol: z.literal(protocolVersion),
  arch: z.string(),
})

/** The agent's own catalogue; each field is one of `contract/schemes.ts`. */
export const schemesLineSchema = line('schemes', {
  schemes: z.array(
    z.strictObject({
      id: z.string(),
      buffer: z.string(),
      ioMode: z.string(),
      overlap: z.string(),
      fill: z.string(),
    }),
  ),
})

/** How a kernel may allocate a dma-buf and read a file into it in one call (docs/refused-patches.md). */
export const allocAndReadWays = ['heap-ioctl', 'heap-flag-sync', 'heap-flag-async', 'module'] as const
export type AllocAndReadWay = (typeof allocAndReadWays)[number]

export const probeLineSchema = line('probe', {
  ...sharedEnvironment,
  arch: architecture,
  /** Empty: met. */
  requirements: z.record(requirementIdSchema, z.string()),
  /** Empty: there. One of them meets `alloc-and-read`. */
  allocAndRead: z.record(z.enum(allocAndReadWays), z.string()),
  notes: z.array(z.string()),
})

export const progressLineSchema = line('progress', { doneBytes: bytesSchema, totalBytes: bytesSchema })

export const preparedLineSchema = line('prepared', {
  path: z.string(),
  bytes: bytesSchema,
  reused: z.boolean(),
  extents: z.number().int().nonnegative().nullable(),
})

export const foundLineSchema = line('found', madeFileSchema.shape)

export const cleanedLineSchema = line('cleaned', {
  files: z.number().int().nonnegative(),
  bytes: bytesSchema,
})

export const inspectedLineSchema = line('inspected', { path: z.string(), bytes: bytesSchema })

export const spanLineSchema = line('span', spanSchema.shape).refine(
  span => span.endNs >= span.startNs,
  'a span ends before it starts',
)

export const sampleLineSchema = line('sample', {
  status: sampleShape.status.exclude(['cancelled']),
  reason: z.string(),
  errno: z.string().nullable(),
  bytes: bytesSchema,
  totalNs: sampleShape.totalNs,
  firstGatherNs: sampleShape.firstGatherNs,
  gatherBytes: sampleShape.gatherBytes,
  readers: sampleShape.readers,
  cold: z.boolean(),
  direct: z.boolean(),
  verified: z.boolean(),
  marks: sampleShape.marks,
  figures: sampleShape.figures,
}).refine(sample => sample.status !== 'ok' || (sample.totalNs ?? 0) > 0, 'an ok sample has no total')

const { simulated: _, ...measuredCeiling } = ceilingSchema.shape
export const ceilingLineSchema = line('ceiling', { ...measuredCeiling, ns: nsSchema.positive() })

/** Said again and again while pressure is held: all of the memory was touched so many times. */
export const heldLineSchema = line('held', { passes: z.number().int().nonnegative() })

export const pressureLineSchema = line('pressure', { bytes: bytesSchema })

export const claimedLineSchema = line('claimed', {})

/** Closes every request: how its process ended. */
export const exitLineSchema = line('exit', {
  code: z.number().int().nullable(),
  signal: z.string().nullable(),
})

export const agentLineSchema = z.discriminatedUnion('type', [
  errorLineSchema,
  versionLineSchema,
  schemesLineSchema,
  probeLineSchema,
  progressLineSchema,
  preparedLineSchema,
  foundLineSchema,
  cleanedLineSchema,
  inspectedLineSchema,
  spanLineSchema,
  sampleLineSchema,
  ceilingLineSchema,
  pressureLineSchema,
  claimedLineSchema,
  heldLineSchema,
  exitLineSchema,
])
export type AgentLine = z.infer<typeof agentLineSchema>
export type LineType = AgentLine['type']
export type LineOf<T extends LineType> = Extract<AgentLine, { type: T }>
