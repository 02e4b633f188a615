import { type HugePageSize, type Plan, type Question, questionOf } from '../../contract/plan.ts'
import { targetKind } from '../../contract/target.ts'
import { sizeText } from './figureText.ts'
import type { Row } from './rows.ts'

/** What the options of a plan are called, in forms, tables and exports alike. */
export const optionTitles = {
  repeats: 'repeats',
  warmups: 'warm-ups',
  gather: 'gather',
  tries: 'gathers to try',
  readers: 'readers',
  file: 'file',
  fileState: 'state of the file',
  heap: 'heap',
  pressure: 'memory pressure',
  hugePages: 'huge pages',
  hugePageSize: 'size of huge pages',
  processors: 'CPUs of a load',
  clock: 'cap of their clock',
  verified: 'verified',
  folder: 'folder',
  seed: 'seed',
  coolBelow: 'cool below',
} as const

/** What was asked for, whole. */
export function planRows(plan: Plan): Row[] {
  return [
    ['target', plan.target],
    ['schemes', plan.schemes.join(', ')],
    ['sizes', plan.sizesBytes.map(sizeText).join(', ') || 'the whole file'],
    plan.tuning === null ? ['question', askedText(plan)] : ['tries', `${plan.tuning.length} settings`],
    [optionTitles.repeats, repeatsText(plan)],
    [optionTitles.warmups, String(plan.warmups)],
    ...optionRows(plan),
    [optionTitles.folder, plan.directory ?? 'the target’s choice'],
    [optionTitles.seed, String(plan.seed)],
    [optionTitles.coolBelow, coolBelow(plan.coolBelowMilliCelsius)],
  ]
}

/** The options of a plan that change what one load does. */
export function optionRows(plan: Plan): Row[] {
  return [
    [optionTitles.gather, gatherText(plan)],
    [optionTitles.readers, String(plan.readers)],
    [optionTitles.file, plan.file ?? generatedText(plan)],
    [optionTitles.heap, plan.heap],
    [optionTitles.pressure, plan.pressureBytes === 0 ? 'none' : sizeText(plan.pressureBytes)],
    [optionTitles.hugePages, hugePagesText(plan)],
    [optionTitles.processors, plan.processors ?? 'all'],
    [optionTitles.clock, plan.clockKhz === null ? 'none' : `${plan.clockKhz / 1000} MHz`],
    [optionTitles.verified, verified(plan)],
  ]
}

/** What of huge pages was asked for: `asked for, of 64KiB alone`. */
export function hugePagesText({ hugePages, hugePageSize }: HugePages): string {
  if (!hugePages) return 'not asked for'
  if ((hugePageSize ?? null) === null) return 'asked for'
  return `asked for, ${hugePageSize === 'hugetlb' ? 'of the hugetlb pool' : `of ${hugePageSize} alone`}`
}

type HugePages = { readonly hugePages: boolean; readonly hugePageSize?: HugePageSize | null | undefined }

/** `generated, compressed`. */
function generatedText({ fileState }: Plan): string {
  return fileState === 'plain' ? 'generated' : `generated, ${fileState}`
}

function askedText(plan: Plan): string {
  const question = questionOf(plan)
  return question === null ? 'none: the fastest is picked' : questionText(question)
}

/** `Does memfd-gather-direct take less time than memfd-direct at 1 GiB?` */
export function questionText({ candidate, baseline, bytes }: Question): string {
  const where = bytes === null ? 'for the whole file' : `at ${sizeText(bytes)}`
  return `Does ${candidate} take less time than ${baseline} ${where}?`
}

function repeatsText({ repeats, extensions }: Plan): string {
  return extensions.length === 0
    ? `${repeats}`
    : `${repeats}, of which ${extensions.join(' and ')} added after looking`
}

/** The gather of a plan; one that follows the size of a file that the plan does not know is said in words. */
export function gatherText({ gatherBytes }: Pick<Plan, 'gatherBytes'>): string {
  return gatherBytes === null ? 'an eighth of the file, 1 to 128 MiB' : sizeText(gatherBytes)
}

/** What is checked of every load. */
function verified({ target, verify }: Plan): string {
  if (targetKind(target) === 'sim') return 'nothing (a simulated load has no bytes)'
  return verify ? 'every byte' : 'nothing'
}

function coolBelow(milliCelsius: number | null): string {
  return milliCelsius === null ? 'no wait' : `${milliCelsius / 1000} °C`
}
