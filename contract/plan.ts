import { z } from 'zod'
import { type SchemeId, schemeIdSchema, schemeOf } from './schemes.ts'
import { bytesSchema, formatSize, GiB, KiB, MiB, sizeAndBytes } from './size.ts'
import { targetIdSchema } from './target.ts'

export const defaultGatherBytes = 128 * MiB
export const presetSizesBytes = [512 * KiB, 8 * MiB, 1 * GiB, 3 * GiB] as const
const smallestPageBytes = 4096

/** A whole number that is refused in words. */
const wholeNumber = (least: number, most: number) => {
  const words = `a whole number from ${least} to ${most}`
  return z.number(words).int(words).min(least, words).max(most, words)
}
/** Threads that read. */
export const readersSchema = wholeNumber(1, 64).default(1)

const coolest = 'from 20 to 120 °C'
const wholeMilliCelsius = z.number().int().min(20_000, coolest).max(120_000, coolest)

const distinct = <T>(items: readonly T[]) => new Set(items).size === items.length

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
    repeats: wholeNumber(1, 1000).default(10),
    warmups: wholeNumber(0, 100).default(1),
    gatherBytes: bytesSchema
      .min(smallestPageBytes, 'a gather is at least one page (4KiB)')
      .multipleOf(smallestPageBytes, 'a gather is a whole number of 4KiB pages')
      .default(defaultGatherBytes),
    readers: readersSchema,
    seed: wholeNumber(0, 0xffff_ffff).default(1),
    verify: z.boolean().default(true),
    /** A file of the user's own on the target, instead of generated content. */
    file: z.string().min(1).max(4096).nullable().default(null),
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
  })
  .refine(plan => plan.sizesBytes.length > 0 || plan.file !== null, {
    path: ['sizesBytes'],
    message: 'choose at least one size, or a file of your own',
  })
export type Plan = z.infer<typeof planSchema>
export type PlanInput = z.input<typeof planSchema>

/**
 * Why the gather of a plan cannot be, or `null`. One that was chosen is at most as large as the largest file, in whole
 * pages: a larger one would measure something else than was asked for. Each smaller file, and every file under the
 * default gather, is loaded in one gather.
 */
export function gatherProblem(
  { schemes, gatherBytes }: { readonly schemes: readonly SchemeId[]; readonly gatherBytes: number },
  largestBytes: number,
): string | null {
  const gathering = schemes.some(scheme => schemeOf(scheme).overlap === 'gather')
  const fits = gatherBytes - largestBytes < smallestPageBytes
  if (!gathering || fits || gatherBytes === defaultGatherBytes) return null
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

/** A plan for a new run. Runs that are kept may be older than the rule about gathers. */
export const newPlanSchema = planSchema.superRefine((plan, context) => {
  const problem = plan.sizesBytes.length > 0 ? gatherProblem(plan, Math.max(...plan.sizesBytes)) : null
  if (problem !== null) context.addIssue({ code: 'custom', path: ['gatherBytes'], message: problem })
})

/** Timed loads a plan asks for, warm-ups included. A file without sizes counts as one size. */
export function plannedSamples(plan: Plan): number {
  return plan.schemes.length * Math.max(1, plan.sizesBytes.length) * (plan.repeats + plan.warmups)
}
