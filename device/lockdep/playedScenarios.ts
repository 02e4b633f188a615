import { basename } from 'node:path'
import { type Annotation, annotations, lockdepOf, type Report } from '../../locks/lockdep.ts'
import { checkBalance } from '../../locks/paths.ts'
import type { Scenario } from '../../locks/scenario.ts'
import type { LockdepDevice, Played } from './lockdepDevice.ts'

/** One scenario under one annotation: what locks/ predicts of lockdep, and what lockdep did. */
export type PlayedScenario = {
  readonly file: string
  readonly annotation: string
  readonly predicted: Report | null
  readonly reported: Played
  readonly same: boolean
}

/** Plays a scenario under both annotations, and under the one that the running kernel has, which is `own`. */
export async function* playScenario(
  device: LockdepDevice,
  own: Annotation,
  { file, scenario }: { file: string; scenario: Scenario },
): AsyncGenerator<PlayedScenario> {
  checkBalance(scenario)
  const columns = [
    ...annotations.map(annotation => ({ annotation, played: annotation, name: annotation })),
    { annotation: own, played: 'kernel' as const, name: `kernel's own (${own})` },
  ]
  for (const { annotation, played, name } of columns) {
    const predicted = lockdepOf(scenario, annotation).report
    const reported = await device.play(scenario, played)
    yield { file, annotation: name, predicted, reported, same: isSame(predicted, reported) }
  }
}

/** The same kind of report, at the same place, over the same classes; or none. */
export function isSame(predicted: Report | null, reported: Played): boolean {
  if (predicted === null || reported === null) return predicted === reported
  return (
    predicted.kind === reported.kind &&
    predicted.thread === reported.thread &&
    predicted.step === reported.step &&
    predicted.classes.join('\n') === reported.classes.join('\n')
  )
}

/** One line a scenario and annotation, and what differs below it. */
export function playedText({ file, annotation, predicted, reported, same }: PlayedScenario): string {
  const head = [basename(file, '.json').padEnd(26), annotation.padEnd(20)]
  const said = (report: Report | Played) =>
    report === null
      ? 'no report'
      : `${report.kind}: ${report.classes.join(' -> ')}, closed by ${report.thread}: ${report.step}`
  if (same) return [...head, `predicted and reported  ${said(reported)}`].join('  ')
  const lines = [`  predicted  ${said(predicted)}`, `  reported   ${said(reported)}`]
  const more = reported?.kind === 'other' ? [`  the kernel said: ${reported.said}`] : []
  return [[...head, 'DIFFERENT'].join('  '), ...lines, ...more].join('\n')
}
