import type { Plan } from '../../contract/plan.ts'
import { targetKind } from '../../contract/target.ts'
import { sizeText } from './figureText.ts'
import type { Row } from './rows.ts'

/** What the options of a plan are called, in forms, tables and exports alike. */
export const optionTitles = {
  repeats: 'repeats',
  warmups: 'warm-ups',
  gather: 'gather',
  readers: 'readers',
  file: 'file',
  heap: 'heap',
  pressure: 'memory pressure',
  hugePages: 'huge pages',
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
    [optionTitles.repeats, String(plan.repeats)],
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
    [optionTitles.gather, sizeText(plan.gatherBytes)],
    [optionTitles.readers, String(plan.readers)],
    [optionTitles.file, plan.file ?? 'generated'],
    [optionTitles.heap, plan.heap],
    [optionTitles.pressure, plan.pressureBytes === 0 ? 'none' : sizeText(plan.pressureBytes)],
    [optionTitles.hugePages, plan.hugePages ? 'asked for' : 'not asked for'],
    [optionTitles.verified, verified(plan)],
  ]
}

/** What is checked of every load. */
function verified({ target, verify }: Plan): string {
  if (targetKind(target) === 'sim') return 'nothing (a simulated load has no bytes)'
  return verify ? 'every byte' : 'nothing'
}

function coolBelow(milliCelsius: number | null): string {
  return milliCelsius === null ? 'no wait' : `${milliCelsius / 1000} °C`
}
