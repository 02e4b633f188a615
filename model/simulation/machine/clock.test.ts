import { expect, test } from 'vitest'
import { Clock, type Process, Signal } from './clock.ts'
import { besideOthersNs } from './cores.ts'

test('events come in the order of their times, and of their scheduling where times are equal', () => {
  const clock = new Clock()
  const seen: string[] = []
  function* process(name: string, wakeAtNs: readonly number[]): Process {
    for (const atNs of wakeAtNs) {
      yield atNs
      seen.push(`${name}@${clock.nowNs}`)
    }
  }
  clock.start(process('a', [5, 20]))
  clock.start(process('b', [5, 10]))
  clock.start(process('c', [1, 20]))
  clock.run()
  expect(seen).toEqual(['c@1', 'a@5', 'b@5', 'b@10', 'c@20', 'a@20'])
})

test('a signal wakes every sleeper at the time of its firing', () => {
  const clock = new Clock()
  const signal = new Signal(clock)
  const wokenAtNs: number[] = []
  function* sleeper(): Process {
    yield signal
    wokenAtNs.push(clock.nowNs)
  }
  function* waker(): Process {
    yield 7
    signal.fire()
  }
  clock.start(sleeper())
  clock.start(sleeper())
  clock.start(waker())
  clock.run()
  expect(wokenAtNs).toEqual([7, 7])
})

test('time never runs back, even for a process that asks for the past', () => {
  const clock = new Clock()
  function* process(): Process {
    yield 10
    yield 3
    expect(clock.nowNs).toBe(10)
  }
  clock.start(process())
  clock.run()
  expect(clock.nowNs).toBe(10)
})

test('work beside others takes as long as the cores need for all of it, where threads have to share them', () => {
  expect(besideOthersNs({ cores: 2, threads: 2 }, 10, 50)).toBe(10)
  expect(besideOthersNs({ cores: 1, threads: 2 }, 10, 50)).toBe(60)
  expect(besideOthersNs({ cores: 2, threads: 3 }, 10, 50)).toBe(30)
  expect(besideOthersNs({ cores: 2, threads: 3 }, 10, 4)).toBe(10)
})
