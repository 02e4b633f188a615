import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Judgement } from '../../locks/judge.ts'
import { orderLayout } from './orderLayout.ts'

const order = (from: string, to: string) =>
  ({ from, to, fromMode: 'write', toMode: 'write', thread: 'one', step: `lock(${to})` }) as const

function judgementOf(
  pairs: readonly (readonly [string, string])[],
  circle: readonly string[] | null,
): Judgement {
  const orders = pairs.map(([from, to]) => order(from, to))
  const report =
    circle === null ? null : ({ kind: 'circular', classes: circle, thread: 'one', step: 'last' } as const)
  return { annotation: 'read', verdict: 'true report', orders, report }
}

test('the circle that is reported is marked, with the order that closed it, and nothing else', () => {
  const { arrows, nodes } = orderLayout(
    judgementOf(
      [
        ['a', 'b'],
        ['b', 'c'],
        ['a', 'd'],
      ],
      ['a', 'b', 'c', 'a'],
    ),
  )
  expect(nodes.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd'])
  expect(arrows.map(({ title, reported }) => [title.slice(0, 5), reported])).toEqual([
    ['a → b', true],
    ['b → c', true],
    ['a → d', false],
    ['c → a', true],
  ])
})

test('a class that is taken twice points to itself', () => {
  const { nodes, arrows } = orderLayout(judgementOf([], ['inode', 'inode']))
  expect(nodes).toHaveLength(1)
  expect(arrows.map(({ reported }) => reported)).toEqual([true])
})

test('whatever the orders are, every place is a number inside the drawing', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { maxLength: 12 }), pairs => {
      const { nodes, arrows, width, height } = orderLayout(judgementOf(pairs, null))
      for (const { x, y } of nodes) {
        expect(x).toBeGreaterThanOrEqual(0)
        expect(x).toBeLessThanOrEqual(width)
        expect(y).toBeGreaterThanOrEqual(0)
        expect(y).toBeLessThanOrEqual(height)
      }
      for (const { path } of arrows) expect(path).not.toContain('NaN')
    }),
  )
})
