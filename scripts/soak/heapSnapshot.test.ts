import { expect, test } from 'vitest'
import { sharesOf } from './heapSnapshot.ts'

const meta = {
  node_fields: ['type', 'name', 'id', 'self_size'],
  node_types: [['hidden', 'object', 'code', 'string', 'native'], 'string', 'number', 'number'],
}
const snapshot = (nodes: readonly (readonly number[])[]) =>
  JSON.stringify({ snapshot: { meta }, nodes: nodes.flat() })

test('what scripts keep is told from code and from what the browser keeps', () => {
  const text = snapshot([
    [1, 0, 1, 100],
    [3, 0, 2, 20],
    [2, 0, 3, 7000],
    [4, 0, 4, 300],
    [0, 0, 5, 4],
  ])
  expect(sharesOf(text)).toEqual({ objectBytes: 120, codeBytes: 7000, browserBytes: 304 })
})

test('what is no snapshot is refused', () => {
  expect(() => sharesOf('{}')).toThrow()
})
