import { z } from 'zod'
import { processorListSchema } from './processors.ts'
import { type SchemeId, schemeIdSchema, schemeIds, schemeOf } from './schemes.ts'
import { bytesSchema, formatSize, GiB, KiB, MiB, sizeAndBytes } from './size.ts'
import { targetIdSchema, targetKind } from './target.ts'

/** The gather of the refused series. A plan may always name it; a smaller file is loaded in one gather then. */
export const seriesGatherBytes = 128 * MiB
export const presetSizesBytes = [512 * KiB, 8 * MiB, 1 * GiB, 3 * GiB] as const
const smallestPageBytes = 4096
const smallestDefaultGatherBytes = MiB
const gathersByDefault = 8

/**
 * The gather of a plan that names none: an eighth of its largest file in whole pages, from 1 MiB to that of the series.
 * A gather that covers the file would leave nothing to overlap.
 */
export function defaultGatherBytes(largestBytes: number): number {
  const pages = Math.floor(largestBytes / gathersByDefault / smallestPageBytes)
  return Math.min(seriesGatherBytes, Math.max(smallestDefaultGatherBytes, pages * smallestPageBytes))
}

/** A whole number that is refused in words. */
const wholeNumber = (least: number, most: number) => {
  const words = `a whole number from ${least} to ${most}`
  return z.number(words).int(words).min(least, words).max(most, words)
}
export const mostRepeats = 1000
/** Timed loads of each scheme at each size. */
export const repeatsSchema = wholeNumber(1, mostRepeats)
/** Threads that read. */
export const readersSchema = wholeNumber(1, 64)
const gatherSchema = bytesSchema
  .min(smallestPageBytes, 'a gather is at least 4KiB, the smallest page there is')
  .multipleOf(smallestPageBytes, 'a gather is a whole number of 4KiB pages')

const coolest = 'from 20 to 120 °C'
const wholeMilliCelsius = z.number().int().min(20_000, coolest).max(120_000, coolest)

const clockText = 'from 1 to 100000 MHz'
const clockSchema = z.number(clockText).int(clockText).min(1000, clockText).max(100_000_000, clockText)

const distinct = <T>(items: readonly T[]) => new Set(items).size === items.length

/** Whether `candidate` takes less time than `baseline`. `bytes` is `null` where the plan has no sizes: the whole file. */
export const questionSchema = z.strictObject({
  candidate: schemeIdSchema,
  baseline: schemeIdSchema,
  bytes: bytesSchema.positive().nullable(),
})
export type Question = z.infer<typeof questionSchema>

/**
 * Which huge pages a buffer of shared memory asks for: transparent ones of one size alone (settings for each size,
 * Linux 6.9; above 2 MiB where pages are larger than 4 KiB), or those of the reserved pool. Without it the largest that
 * the kernel gives where it is asked.
 */
export const hugePageSizes = [
  '16KiB',
  '32KiB',
  '64KiB',
  '128KiB',
  '256KiB',
  '512KiB',
  '1MiB',
  '2MiB',
  '4MiB',
  '8MiB',
  '16MiB',
  '32MiB',
  'hugetlb',
] as const
export const hugePageSizeSchema = z.enum(hugePageSizes, `huge pages are of ${hugePageSizes.join(', ')}`)
export type HugePageSize = z.infer<typeof hugePageSizeSchema>

/** How a load is done, as far as a tuning can choose. `populators`: threads that bring the buffer's pages in; `null`: the load's own number. */
export const settingSchema = z.strictObject({
  gatherBytes: gatherSchema,
  readers: readersSchema,
  populators: wholeNumber(1, 64).nullable(),
  hugePages: z.boolean(),
  hugePageSize: hugePageSizeSchema.nullable().optional(),
})
export type Setting = z.infer<typeof settingSchema>

/** Why a simulated target takes no file in a state. */
export const simulatedFileProblem = 'a simulated file has no state'

/** In which state a generated file is made. What its file system cannot make is refused. */
export const madeStates = [
  'plain',
  'sparse',
  'compressed',
  'encrypted',
  'verity',
  'inline',
  'fragmented',
  'immutable',
] as const
export const madeStateSchema = z.enum(madeStates, `a file is made ${madeStates.join(', ')}`)
export type MadeState = z.infer<typeof madeStateSchema>

/** What the user asked for. Defaults are the lab's, so a plan can be written with a target and schemes alone. */
export const planSchema = z
  .strictObject({
    target: targetIdSchema,
    schemes: z
      .array(schemeIdSchema)
      .min(1, 'choose at least one scheme')
      .refine(distinct, 'a scheme is named twice'),
    /** File sizes to load. May be empty only with `file`: then the whole file is loaded. */
    sizesBytes: z
      .array(bytesSchema.positive('a size must be above zero'))
      .max(64)
      .refine(distinct, 'a size is named twice'),
    repeats: repeatsSchema.default(10),
    warmups: wholeNumber(0, 100).default(1),
    /** `null`: {@link defaultGatherBytes}, once the size of the file is known. */
    gatherBytes: gatherSchema.nullable().default(null),
    readers: readersSchema.default(1),
    seed: wholeNumber(0, 0xffff_ffff).default(1),
    verify: z.boolean().default(true),
    /** A file of the user's own on the target, instead of generated content. */
    file: z.string().min(1).max(4096).nullable().default(null),
    /** Of the generated file; the user's own is as it is. */
    fileState: madeStateSchema.default('plain'),
    /** Folder on the target for generated files; `null`: the target's own choice. */
    directory: z.string().min(1).max(4096).nullable().default(null),
    heap: z
      .string()
      .regex(/^[A-Za-z0-9._,-]+$/, 'a heap is a name under /dev/dma_heap')
      .default('system'),
    /** Memory that the agent's pressure process touches throughout; 0 for none. */
    pressureBytes: bytesSchema.default(0),
    /** Wait before a sample until every thermal zone is below this; `null`: do not wait. */
    coolBelowMilliCelsius: wholeMilliCelsius.nullable().default(null),
    /** Measure the ceiling before the run. */
    ceiling: z.boolean().default(true),
    /** Ask for transparent huge pages in the buffer (MADV_HUGEPAGE), where the scheme has such a choice. */
    hugePages: z.boolean().default(false),
    /** Which of them; `null`: the kernel's largest. Only where huge pages are asked for. */
    hugePageSize: hugePageSizeSchema.nullable().default(null),
    /** Processors that a load is bound to, `0-3,6`; `null`: all that the target offers. */
    processors: processorListSchema.nullable().default(null),
    /** The clock of those processors is capped at it for the load; `null`: not. */
    clockKhz: clockSchema.nullable().default(null),
    /**
     * The comparison that is tested alone and corrected for no other, because it is named before the first sample.
     * `null`: {@link defaultQuestion}.
     */
    question: questionSchema.nullable().default(null),
    /**
     * The run tunes one scheme at one size: every round tries all of these, shuffled, in place of the plan's own gather,
     * readers and pages. The first is what the others are compared with.
     */
    tuning: z
      .array(settingSchema)
      .min(2, 'a tuning tries two settings or more')
      .max(256)
      .nullable()
      .default(null),
    /** Repeats that were added later, after looking at the run; they are part of `repeats`. */
    extensions: z.array(repeatsSchema).max(100).default([]),
  })
  .refine(plan => plan.sizesBytes.length > 0 || plan.file !== null, {
    path: ['sizesBytes'],
    message: 'choose at least one size, or a file of your own',
  })
export type Plan = z.infer<typeof planSchema>
export type PlanInput = z.input<typeof planSchema>

type Gathering = { readonly schemes: readonly SchemeId[]; readonly gatherBytes: number | null }

/** The gather of a plan for files of at most `largestBytes`. */
export function gatherOf({ gatherBytes }: Pick<Gathering, 'gatherBytes'>, largestBytes: number): number {
  return gatherBytes ?? defaultGatherBytes(largestBytes)
}

/**
 * Why the gather of a plan cannot be, or `null`. One that was chosen is at most as large as the largest file, in whole
 * pages: a larger one would measure something else than was asked for. Each smaller file is loaded in one gather.
 */
export function gatherProblem({ schemes, gatherBytes }: Gathering, largestBytes: number): string | null {
  const gathering = schemes.some(scheme => schemeOf(scheme).overlap === 'gather')
  if (!gathering || gatherBytes === null || gatherBytes - largestBytes < smallestPageBytes) return null
  if (gatherBytes === seriesGatherBytes || gatherBytes === defaultGatherBytes(largestBytes)) return null
  return `a gather of ${formatSize(gatherBytes)} is larger than the file of ${formatSize(largestBytes)}`
}

/** Why a load cannot be for want of memory, or `null`: the buffer must fit beside what the pressure takes. */
export function memoryProblem(
  { bytes, pressureBytes }: { readonly bytes: number; readonly pressureBytes: number },
  availableBytes: number,
): string | null {
  const neededBytes = bytes + pressureBytes
  if (neededBytes <= availableBytes) return null
  const pressure = pressureBytes > 0 ? ` (with ${formatSize(pressureBytes)} of pressure)` : ''
  return `a load of ${formatSize(bytes)}${pressure} needs ${sizeAndBytes(neededBytes)} of memory, ${sizeAndBytes(availableBytes)} are available`
}

type Asking = Pick<Plan, 'schemes' | 'sizesBytes'>

/**
 * The catalogue's first overlapped scheme of the plan against its twin, at the largest size; else, of two schemes, the
 * later one of the catalogue against the earlier; else none.
 */
export function defaultQuestion({ schemes, sizesBytes }: Asking): Question | null {
  const bytes = sizesBytes.length === 0 ? null : Math.max(...sizesBytes)
  const inOrder = schemeIds.filter(id => schemes.includes(id))
  for (const candidate of inOrder) {
    const { twin } = schemeOf(candidate)
    if (twin !== null && schemes.includes(twin)) return { candidate, baseline: twin, bytes }
  }
  const [baseline, candidate, ...more] = inOrder
  if (baseline === undefined || candidate === undefined || more.length > 0) return null
  return { candidate, baseline, bytes }
}

/** What the run is asked first, by the plan alone. */
export function questionOf(
  plan: Asking & Pick<Plan, 'question'> & Partial<Pick<Plan, 'tuning'>>,
): Question | null {
  return (plan.tuning ?? null) === null ? (plan.question ?? defaultQuestion(plan)) : null
}

function tuningProblem({ tuning, schemes, sizesBytes }: Plan): string | null {
  if (tuning === null) return null
  const [scheme, ...others] = schemes
  const [bytes, ...further] = sizesBytes
  if (scheme === undefined || bytes === undefined || others.length > 0 || further.length > 0) {
    return 'a tuning is of one scheme at one size'
  }
  if (schemeOf(scheme).overlap !== 'gather') return `${scheme} has no gathers to tune`
  const problems = tuning.map(({ gatherBytes }) => gatherProblem({ schemes, gatherBytes }, bytes))
  return problems.find(problem => problem !== null) ?? null
}

function questionProblem({ question, schemes, sizesBytes }: Asking & Pick<Plan, 'question'>): string | null {
  if (question === null) return null
  const { candidate, baseline, bytes } = question
  if (candidate === baseline) return 'the question sets a scheme against itself'
  const missing = [candidate, baseline].find(scheme => !schemes.includes(scheme))
  if (missing !== undefined) return `the question is about ${missing}, which is not in the plan`
  const isAsked = bytes === null ? sizesBytes.length === 0 : sizesBytes.includes(bytes)
  return isAsked ? null : 'the question is about a size that is not in the plan'
}

/**
 * A plan for a new run: its gather and its question stand in it before the first sample. Runs that are kept may be older
 * than these rules.
 */
export const newPlanSchema = planSchema
  .superRefine((plan, context) => {
    const largestBytes = plan.sizesBytes.length > 0 ? Math.max(...plan.sizesBytes) : null
    const gather = largestBytes === null ? null : gatherProblem(plan, largestBytes)
    if (gather !== null) context.addIssue({ code: 'custom', path: ['gatherBytes'], message: gather })
    if (plan.hugePageSize !== null && !plan.hugePages) {
      const message = `pages of ${plan.hugePageSize} are huge pages, which the plan does not ask for`
      context.addIssue({ code: 'custom', path: ['hugePageSize'], message })
    }
    if (plan.fileState !== 'plain' && plan.file !== null) {
      const message = 'a file of your own has the state that it has'
      context.addIssue({ code: 'custom', path: ['fileState'], message })
    }
    if (plan.fileState !== 'plain' && targetKind(plan.target) === 'sim')
      context.addIssue({ code: 'custom', path: ['fileState'], message: simulatedFileProblem })
    const tuning = tuningProblem(plan)
    if (tuning !== null) context.addIssue({ code: 'custom', path: ['tuning'], message: tuning })
    const question = questionProblem(plan)
    if (question !== null) context.addIssue({ code: 'custom', path: ['question'], message: question })
  })
  .transform((plan): Plan => {
    const { sizesBytes, gatherBytes } = plan
    const known = sizesBytes.length === 0 ? gatherBytes : gatherOf(plan, Math.max(...sizesBytes))
    return { ...plan, gatherBytes: known, question: questionOf(plan) }
  })

/** Timed loads a plan asks for, warm-ups included. A file without sizes counts as one size. */
export function plannedSamples(plan: Plan): number {
  const loads = plan.schemes.length * Math.max(1, plan.sizesBytes.length) * (plan.tuning?.length ?? 1)
  return loads * (plan.repeats + plan.warmups)
}

/** The plan with repeats that are added after looking at its run; its question stays the one that it had. */
export function extendedPlan(plan: Plan, repeats: number): Plan {
  return {
    ...plan,
    repeats: plan.repeats + repeats,
    extensions: [...plan.extensions, repeats],
    question: questionOf(plan),
  }
}

/** The repeats that the plan began with. */
export function firstRepeats({ repeats, extensions }: Pick<Plan, 'repeats' | 'extensions'>): number {
  return Math.max(1, repeats - extensions.reduce((sum, added) => sum + added, 0))
}
