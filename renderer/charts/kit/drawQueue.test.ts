import { expect, test } from 'vitest'
import { createDrawQueue } from './drawQueue.ts'

function setup() {
  const frames: Array<() => void> = []
  const drawn: string[] = []
  let time = 0
  const queue = createDrawQueue({ requestFrame: callback => frames.push(callback), now: () => time })
  const drawing = (name: string, ms: number) => () => {
    drawn.push(name)
    time += ms
  }
  return { queue, frames, drawn, drawing, nextFrame: () => frames.shift()?.() }
}

test('slow charts are spread over frames, quick ones share one', () => {
  const { queue, frames, drawn, drawing, nextFrame } = setup()
  queue.add({}, drawing('slow', 30))
  queue.add({}, drawing('quick', 1))
  queue.add({}, drawing('quick too', 1))
  nextFrame()
  expect(drawn).toEqual(['slow'])
  nextFrame()
  expect(drawn).toEqual(['slow', 'quick', 'quick too'])
  expect(frames).toEqual([])
})

test('a chart that changes again before its turn is drawn once, in its last form', () => {
  const { queue, drawn, drawing, nextFrame } = setup()
  const chart = {}
  queue.add(chart, drawing('first', 1))
  queue.add(chart, drawing('last', 1))
  nextFrame()
  expect(drawn).toEqual(['last'])
})

test('a chart that is gone is not drawn', () => {
  const { queue, drawn, drawing, nextFrame } = setup()
  const chart = {}
  queue.add(chart, drawing('gone', 1))
  queue.drop(chart)
  nextFrame()
  expect(drawn).toEqual([])
})

test('a new chart leaves the first frame to the layout of its page, and only that one', () => {
  const { queue, drawn, drawing, nextFrame } = setup()
  const chart = {}
  queue.add(chart, drawing('first', 1), true)
  nextFrame()
  expect(drawn).toEqual([])
  queue.add(chart, drawing('last', 1), true)
  nextFrame()
  expect(drawn).toEqual(['last'])
})
