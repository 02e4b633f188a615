import { expect, test, vi } from 'vitest'
import { batchPerFrame, nextFrameOrLater } from './frameBatch.ts'

test('items that arrive within one frame are delivered together, once, in order', () => {
  const frames: Array<() => void> = []
  const delivered: Array<readonly number[]> = []
  const add = batchPerFrame<number>(
    items => delivered.push(items),
    callback => frames.push(callback),
  )
  add(1)
  add(2)
  expect(delivered).toEqual([])
  expect(frames).toHaveLength(1)
  frames[0]?.()
  add(3)
  frames[1]?.()
  expect(delivered).toEqual([[1, 2], [3]])
})

test('a page that gets no frames still takes what arrives, once', () => {
  vi.useFakeTimers()
  let frame: (() => void) | undefined
  const delivered: Array<readonly number[]> = []
  const add = batchPerFrame<number>(
    items => delivered.push(items),
    callback =>
      nextFrameOrLater(callback, whenShown => {
        frame = whenShown
      }),
  )
  add(1)
  vi.runAllTimers()
  expect(delivered).toEqual([[1]])
  frame?.()
  expect(delivered).toEqual([[1]])
  vi.useRealTimers()
})
