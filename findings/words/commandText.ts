import { type Plan, planSchema, questionOf, type Setting } from '../../contract/plan.ts'
import { GiB, KiB, MiB } from '../../contract/size.ts'
import { shellText } from './foreignText.ts'

/** A command that measures a plan again, to paste into a terminal, and what it does otherwise. */
export function againCommand(plan: Plan): { readonly command: string; readonly note: string } {
  return plan.tuning === null
    ? { command: runCommand(plan), note: runNote(plan) }
    : { command: tuneCommand(plan, plan.tuning), note: 'Tries each combination of these settings.' }
}

function runNote(plan: Plan): string {
  const asked = questionOf(plan)
  const largest = plan.sizesBytes.length === 0 ? null : Math.max(...plan.sizesBytes)
  return [
    'The same plan in the same order.',
    ...(plan.extensions.length === 0 ? [] : ['All repeats at once: none is added after looking.']),
    ...(asked === null || asked.bytes === largest
      ? []
      : ['It asks at the largest size; this run asked at another.']),
  ].join(' ')
}

function runCommand(plan: Plan): string {
  const plain = planSchema.parse({ target: plan.target, schemes: plan.schemes, sizesBytes: [1] })
  const words = [
    ...option('--target', plan.target),
    ...option('--schemes', plan.schemes.join(',')),
    ...(plan.sizesBytes.length === 0 ? [] : option('--sizes', plan.sizesBytes.map(exactSize).join(','))),
    ...option('--repeats', String(plan.repeats)),
    ...option('--warmups', String(plan.warmups)),
    ...(plan.gatherBytes === null ? [] : option('--gather', exactSize(plan.gatherBytes))),
    ...option('--readers', String(plan.readers)),
    ...(plan.file === null ? [] : option('--file', plan.file)),
    ...(plan.fileState === plain.fileState ? [] : option('--file-state', plan.fileState)),
    ...(plan.directory === null ? [] : option('--dir', plan.directory)),
    ...(plan.pressureBytes === 0 ? [] : option('--pressure', exactSize(plan.pressureBytes))),
    ...(plan.heap === plain.heap ? [] : option('--heap', plan.heap)),
    ...option('--seed', String(plan.seed)),
    ...(plan.coolBelowMilliCelsius === null
      ? []
      : option('--cool', String(plan.coolBelowMilliCelsius / 1000))),
    ...(plan.processors === null ? [] : option('--cpus', plan.processors)),
    ...(plan.clockKhz === null ? [] : option('--clock', String(plan.clockKhz / 1000))),
    ...(plan.hugePages ? ['--huge-pages', ...(plan.hugePageSize === null ? [] : [plan.hugePageSize])] : []),
    ...questionOption(plan),
    ...(plan.verify ? [] : ['--no-verify']),
    ...(plan.ceiling ? [] : ['--no-ceiling']),
  ]
  return ['npm run lab -- run', ...words].join(' ')
}

function option(name: string, value: string): string[] {
  return [name, shellText(value)]
}

const units = [
  ['GiB', GiB],
  ['MiB', MiB],
  ['KiB', KiB],
] as const

/** A size that is read back to the byte; one for the screen is rounded. */
function exactSize(bytes: number): string {
  const [unit, each] = units.find(([, each]) => bytes % each === 0) ?? ['B', 1]
  return `${bytes / each}${unit}`
}

/** The terminal asks at the largest size. */
function questionOption(plan: Plan): string[] {
  const question = questionOf(plan)
  if (question === null) return []
  return option('--question', `${question.candidate},${question.baseline}`)
}

function tuneCommand(plan: Plan, tuning: readonly Setting[]): string {
  const words = [
    ...option('--target', plan.target),
    ...option('--scheme', plan.schemes.join(',')),
    ...option('--size', plan.sizesBytes.map(exactSize).join(',')),
    ...option('--repeats', String(plan.repeats)),
  ]
  return ['npm run lab -- tune', ...words, ...triedOptions(tuning)].join(' ')
}

function triedOptions(tuning: readonly Setting[]): string[] {
  const distinct = <T>(values: readonly T[]) => [...new Set(values)]
  const threads = distinct(tuning.flatMap(({ populators }) => populators ?? []))
  return [
    ...option('--gathers', distinct(tuning.map(({ gatherBytes }) => exactSize(gatherBytes))).join(',')),
    ...option('--readers', distinct(tuning.map(({ readers }) => readers)).join(',')),
    ...(threads.length === 0 ? [] : option('--threads', threads.join(','))),
    ...option(
      '--pages',
      distinct(
        tuning.map(({ hugePages, hugePageSize }) => (hugePages ? (hugePageSize ?? 'huge') : 'ordinary')),
      ).join(','),
    ),
  ]
}
