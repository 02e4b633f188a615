import { expect, test, vi } from 'vitest'
import type { RunSummary } from '../../contract/run.ts'
import { runSummary } from '../../findings/testing/runSummary.ts'
import { RunWatch } from './attention.ts'

function watched(isWatched = false) {
  const listeners = new Map<string, (payload: never) => void>()
  const release = vi.fn()
  const attention = {
    begin: vi.fn(() => release),
    showProgress: vi.fn(),
    isWatched: () => isWatched,
    notify: vi.fn(),
  }
  const watch = new RunWatch(
    {
      on: (event, listener) => {
        listeners.set(event, listener)
        return () => {}
      },
    },
    attention,
  )
  const tell = (summary: RunSummary) =>
    Reflect.apply(listeners.get('runChanged') ?? fail, null, [{ summary }])
  return { watch, attention, release, tell }
}

function fail(): never {
  throw new Error('nobody listens')
}

const longAgo = new Date(Date.now() - 120_000).toISOString()
const running = (id: number, samplesDone: number) =>
  runSummary({ id, status: 'running', samplesDone, samplesPlanned: 10, createdAt: longAgo })

test('the machine is kept awake from the first run to the end of the last', () => {
  const { watch, attention, release, tell } = watched()
  tell(running(1, 0))
  tell(running(2, 0))
  tell(running(1, 3))
  expect(attention.begin).toHaveBeenCalledOnce()
  expect(watch.count).toBe(2)
  tell({ ...running(1, 10), status: 'finished' })
  expect(release).not.toHaveBeenCalled()
  tell({ ...running(2, 4), status: 'cancelled' })
  expect(release).toHaveBeenCalledOnce()
  tell(running(3, 0))
  expect(attention.begin).toHaveBeenCalledTimes(2)
})

test('the task bar shows how far all of them are, and nothing when none runs', () => {
  const { attention, tell } = watched()
  tell(running(1, 5))
  tell(running(2, 0))
  expect(attention.showProgress).toHaveBeenLastCalledWith(0.25)
  tell({ ...running(1, 10), status: 'finished' })
  tell({ ...running(2, 0), status: 'failed' })
  expect(attention.showProgress).toHaveBeenLastCalledWith(-1)
})

test('the end of a long run is told to somebody who does not look', () => {
  const { attention, tell } = watched()
  tell(running(1, 9))
  tell({ ...running(1, 10), status: 'finished' })
  expect(attention.notify).toHaveBeenCalledExactlyOnceWith('Run 1 finished: 10 of 10 samples kept')
})

test('a short run, a run of another shell, and one that is watched are not told', () => {
  const unwatched = watched()
  unwatched.tell({ ...running(1, 9), createdAt: new Date().toISOString() })
  unwatched.tell({ ...running(1, 10), createdAt: new Date().toISOString(), status: 'finished' })
  unwatched.tell({ ...running(2, 10), status: 'interrupted' })
  expect(unwatched.attention.notify).not.toHaveBeenCalled()
  const looking = watched(true)
  looking.tell(running(1, 9))
  looking.tell({ ...running(1, 10), status: 'finished' })
  expect(looking.attention.notify).not.toHaveBeenCalled()
})
