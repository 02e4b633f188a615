import type { Move } from './interleavings.ts'
import type { Judged, Judgement, Verdict } from './judge.ts'
import type { Annotation, Order } from './lockdep.ts'
import type { Scenario } from './scenario.ts'

/** A judged scenario for a terminal: the verdict of each annotation first, then what it rests on. */
export function judgedText(scenario: Scenario, judged: Judged): string {
  const { judgements, deadlock } = judged
  return [
    scenario.title,
    judgements.map(({ annotation, verdict }) => `${annotation.padEnd(8)} ${verdict}`).join('\n'),
    deadlock === null
      ? deadlockSentence(judged)
      : [
          'It can deadlock:',
          ...deadlock.moves.map(moveLine),
          'then stand still',
          ...deadlock.waiting.map(moveLine),
        ].join('\n'),
    ...judgements.map(judgementText),
  ].join('\n\n')
}

const saysWhat: Record<Verdict, string> = {
  'true report': 'reports a deadlock that can happen',
  'false report': 'reports a deadlock that cannot happen',
  'no report, no deadlock': 'rightly reports nothing',
  'missed deadlock': 'misses a deadlock that can happen',
}
const annotatedAs: Record<Annotation, string> = { read: 'a read lock', trylock: 'a read-trylock' }

/** The judgement in one sentence: what lockdep says under each annotation, and what that is worth. */
export function judgedSentence({ judgements }: Judged): string {
  const said = [...new Set(judgements.map(({ verdict }) => saysWhat[verdict]))]
  if (judgements.length > 1 && said.length === 1) return `Annotated either way, lockdep ${said[0]}.`
  const parts = judgements.map(
    ({ annotation, verdict }, at) =>
      `as ${annotatedAs[annotation]}, ${at === 0 ? 'lockdep' : 'it'} ${saysWhat[verdict]}`,
  )
  return `Annotated ${parts.join('; ')}.`
}

/** Whether the scenario can stand still, by how much was tried. */
export function deadlockSentence({ deadlock, states }: Judged): string {
  return deadlock === null
    ? `It cannot deadlock: all ${states} states that can be reached go on.`
    : `It can deadlock, after ${deadlock.moves.length} moves.`
}

function judgementText({ annotation, orders, report }: Judgement): string {
  const said =
    report === null
      ? 'lockdep reports nothing.'
      : `lockdep reports a ${report.kind} dependency: ${report.classes.join(' -> ')}\n  closed by ${report.thread}: ${report.step}`
  return [`Annotated as ${annotation}`, said, ...orders.map(orderLine)].join('\n')
}

function moveLine({ thread, step }: Move): string {
  return `  ${thread}: ${step}`
}

function orderLine({ from, to, fromMode, toMode, thread, step }: Order): string {
  const side = (name: string, mode: Order['fromMode']) => (mode === 'write' ? name : `${name} (${mode})`)
  return `  ${side(from, fromMode)} -> ${side(to, toMode)}  by ${thread}: ${step}`
}
