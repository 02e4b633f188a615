import { z } from 'zod'
import { type LabError, toLabError } from '../../contract/error.ts'
import {
  hugePageSizeSchema,
  madeStateSchema,
  newPlanSchema,
  type Plan,
  type PlanInput,
  plannedSamples,
  presetSizesBytes,
  type Question,
  questionSchema,
  type Setting,
} from '../../contract/plan.ts'
import { type SchemeId, schemeIdSchema } from '../../contract/schemes.ts'
import { bytesSchema, parseSize } from '../../contract/size.ts'
import { type TargetId, targetIdSchema } from '../../contract/target.ts'
import { optionTitles } from '../../findings/words/planRows.ts'

/** What stands in the plan panel: texts as they were typed, so that nothing a person wrote is lost. */
export const planDraftSchema = z.strictObject({
  targets: z.array(targetIdSchema),
  schemes: z.array(schemeIdSchema),
  /** Sizes on offer, and those of them that are chosen. */
  offeredBytes: z.array(bytesSchema),
  sizesBytes: z.array(bytesSchema),
  source: z.enum(['generated', 'own']),
  path: z.string(),
  repeats: z.string(),
  warmups: z.string(),
  gather: z.string(),
  readers: z.string(),
  pressure: z.string(),
  seed: z.string(),
  heap: z.string(),
  directory: z.string(),
  coolBelow: z.string(),
  /** Drafts that were kept before there was a choice have neither. */
  processors: z.string().default(''),
  clock: z.string().default(''),
  verify: z.boolean(),
  ceiling: z.boolean(),
  hugePages: z.boolean(),
  /** Gathers to try one beside the other: the run tunes its one scheme then. */
  tries: z.string().default(''),
  /** What the run is asked first; `null`: what the plan itself says. */
  question: questionSchema.nullable().default(null),
  /** Drafts that were kept before there was a choice have none. */
  hugePageSize: hugePageSizeSchema.nullable().default(null),
  /** Of a generated file. */
  fileState: madeStateSchema.default('plain'),
})
export type PlanDraft = z.infer<typeof planDraftSchema>

export const firstDraft: PlanDraft = {
  targets: ['local'],
  schemes: ['memfd-direct', 'memfd-gather-direct'],
  offeredBytes: [...presetSizesBytes],
  sizesBytes: [8 * 1024 * 1024],
  source: 'generated',
  path: '',
  repeats: '10',
  warmups: '1',
  gather: '',
  readers: '1',
  pressure: '',
  seed: '1',
  heap: 'system',
  directory: '',
  coolBelow: '',
  processors: '',
  clock: '',
  verify: true,
  ceiling: true,
  hugePages: false,
  tries: '',
  question: null,
  hugePageSize: null,
  fileState: 'plain',
}

export type TextField =
  | 'path'
  | 'repeats'
  | 'warmups'
  | 'gather'
  | 'readers'
  | 'pressure'
  | 'seed'
  | 'heap'
  | 'directory'
  | 'coolBelow'
  | 'processors'
  | 'clock'
  | 'tries'

export type DraftReading =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly field: TextField | null; readonly error: LabError }

/**
 * The plan that the draft means for one target, or the first thing that is wrong with it. `schemes` are those of the
 * draft that can run there.
 */
export function readDraft(draft: PlanDraft, target: TargetId, schemes: readonly SchemeId[]): DraftReading {
  const fields: Array<readonly [TextField, () => Partial<PlanInput>]> = [
    ['path', () => ({ file: draft.source === 'own' ? filled(draft.path, 'the path of your file') : null })],
    ['repeats', () => ({ repeats: wholeNumber(draft.repeats) })],
    ['warmups', () => ({ warmups: wholeNumber(draft.warmups) })],
    ['gather', () => ({ gatherBytes: draft.gather.trim() === '' ? null : parseSize(draft.gather) })],
    ['readers', () => ({ readers: wholeNumber(draft.readers) })],
    ['pressure', () => ({ pressureBytes: sizeOrNone(draft.pressure) })],
    ['seed', () => ({ seed: wholeNumber(draft.seed) })],
    ['heap', () => ({ heap: draft.heap.trim() })],
    ['directory', () => ({ directory: draft.directory.trim() || null })],
    ['processors', () => ({ processors: draft.processors.trim() || null })],
    ['clock', () => ({ clockKhz: inThousandths(draft.clock) })],
    ['coolBelow', () => ({ coolBelowMilliCelsius: inThousandths(draft.coolBelow) })],
  ]
  let input: PlanInput = {
    target,
    schemes: [...schemes],
    sizesBytes: draft.sizesBytes.toSorted((a, b) => a - b),
    verify: draft.verify,
    ceiling: draft.ceiling,
    hugePages: draft.hugePages,
    question: askedIn(draft, schemes),
    hugePageSize: draft.hugePages ? draft.hugePageSize : null,
    fileState: draft.source === 'generated' ? draft.fileState : 'plain',
  }
  for (const [field, read] of [...fields, triesField(draft)]) {
    try {
      input = { ...input, ...read() }
    } catch (thrown) {
      return { ok: false, field, error: toLabError(thrown) }
    }
  }
  const checked = newPlanSchema.safeParse(input)
  if (checked.success) return { ok: true, plan: checked.data }
  return { ok: false, field: fieldOf(checked.error), error: planError(checked.error) }
}

/** One that is about a scheme or a size that is not in the plan any more is not asked. */
function askedIn({ question, sizesBytes }: PlanDraft, schemes: readonly SchemeId[]): Question | null {
  if (question === null) return null
  const { candidate, baseline, bytes } = question
  const asksOfPlan = [candidate, baseline].every(scheme => schemes.includes(scheme))
  const atPlanned = bytes === null ? sizesBytes.length === 0 : sizesBytes.includes(bytes)
  return asksOfPlan && atPlanned && candidate !== baseline ? question : null
}

/** The gathers to try, each with the readers and pages of the plan. */
function triesField(draft: PlanDraft): readonly [TextField, () => Partial<PlanInput>] {
  const texts = draft.tries.split(',').filter(text => text.trim() !== '')
  const setting = (text: string): Setting => ({
    gatherBytes: parseSize(text),
    readers: wholeNumber(draft.readers),
    populators: null,
    hugePages: draft.hugePages,
  })
  return ['tries', () => (texts.length === 0 ? {} : { tuning: texts.map(setting) })]
}

const planFields: Record<string, TextField> = {
  tuning: 'tries',
  file: 'path',
  repeats: 'repeats',
  warmups: 'warmups',
  gatherBytes: 'gather',
  readers: 'readers',
  pressureBytes: 'pressure',
  seed: 'seed',
  heap: 'heap',
  directory: 'directory',
  coolBelowMilliCelsius: 'coolBelow',
  processors: 'processors',
  clockKhz: 'clock',
}

/** In the words of the panel, not in the names of the plan's fields. */
function planError(error: z.ZodError): LabError {
  const field = fieldOf(error)
  const message = error.issues[0]?.message ?? 'the plan is not complete'
  const title = field === null || field === 'path' ? '' : `${titles[field]}: `
  return { kind: 'bad-plan', message: `${title}${message}`, hint: 'Correct it in the plan and start again.' }
}

const titles: Record<Exclude<TextField, 'path'>, string> = {
  repeats: optionTitles.repeats,
  warmups: optionTitles.warmups,
  gather: optionTitles.gather,
  readers: optionTitles.readers,
  pressure: optionTitles.pressure,
  seed: optionTitles.seed,
  heap: optionTitles.heap,
  directory: optionTitles.folder,
  coolBelow: optionTitles.coolBelow,
  processors: optionTitles.processors,
  clock: optionTitles.clock,
  tries: optionTitles.tries,
}

function fieldOf(error: z.ZodError): TextField | null {
  return planFields[String(error.issues[0]?.path[0])] ?? null
}

function wholeNumber(text: string): number {
  return z
    .string()
    .trim()
    .regex(/^\d{1,10}$/, `"${text}" is not a whole number`)
    .transform(Number)
    .parse(text)
}

function filled(text: string, what: string): string {
  return z.string().trim().min(1, `give ${what}`).parse(text)
}

function sizeOrNone(text: string): number {
  return ['', '0', 'none'].includes(text.trim()) ? 0 : parseSize(text)
}

/** Degrees in milli-degrees, MHz in kHz. */
function inThousandths(text: string): number | null {
  return text.trim() === '' ? null : wholeNumber(text) * 1000
}

export type Estimate = { readonly samples: number; readonly bytes: number }

/** How many loads the plan asks for, and how many bytes they read in all. `fileBytes` is the user's own file's. */
export function estimateOf(plan: Plan, fileBytes: number | null): Estimate {
  const perRound = plan.sizesBytes.length > 0 ? plan.sizesBytes : [fileBytes ?? 0]
  const samples = plannedSamples(plan)
  const rounds = samples / perRound.length
  return { samples, bytes: rounds * perRound.reduce((sum, bytes) => sum + bytes, 0) }
}

/** Adds a size to those on offer and chooses it. */
export function withSize(draft: PlanDraft, bytes: number): PlanDraft {
  const add = (sizes: readonly number[]) => [...new Set([...sizes, bytes])].sort((a, b) => a - b)
  return { ...draft, offeredBytes: add(draft.offeredBytes), sizesBytes: add(draft.sizesBytes) }
}

export function toggled<T>(items: readonly T[], item: T): T[] {
  return items.includes(item) ? items.filter(other => other !== item) : [...items, item]
}
