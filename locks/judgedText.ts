import type { Move } from './interleavings.ts'
import type { Judged, Judgement } from './judge.ts'
import type { Order } from './lockdep.ts'
import type { Scenario } from './scenario.ts'

/** A judged scenario for a terminal: the verdict of each annotation first, then what it rests on. */
export function judgedText(scenario: Scenario, judged: Judged): string {
  const { judgements, deadlock, states } = judged
  return [
    scenario.title,
    judgements.map(({ annotation, verdict }) => `${annotation.padEnd(8)} ${verdict}`).join('\n'),
    deadlock === null
      ? `It cannot deadlock: all ${states} states that can be reached go on.`
      : [
          'It can deadlock:',
          ...deadlock.moves.map(moveLine),
          'then stand still',
          ...deadlock.waiting.map(moveLine),
        ].join('\n'),
    ...judgements.map(judgementText),
  ].join('\n\n')
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
