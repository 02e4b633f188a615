import { describe, expect, test } from 'vitest'
import { planSchema } from '../../contract/plan.ts'
import type { RunDetail } from '../../contract/run.ts'
import { runSummary } from '../../findings/testing/runSummary.ts'
import { storedSample } from '../../findings/testing/storedSample.ts'
import {
  emptyLabState,
  withDetail,
  withDetailsOf,
  withNewestRuns,
  withOnlyRuns,
  withoutDetail,
  withoutRun,
  withProbe,
  withProgress,
  withRun,
  withSample,
  withSummary,
  withTargets,
} from './labState.ts'

const summary = runSummary({ status: 'running', samplesDone: 0 })

function detail(samples: RunDetail['samples'], status: RunDetail['run']['status'] = 'running'): RunDetail {
  const { title: _title, simulated: _simulated, schemes, sizesBytes, target, ...rest } = summary
  const plan = planSchema.parse({ target, schemes, sizesBytes })
  return {
    run: {
      ...rest,
      status,
      labVersion: '0',
      plan,
      capabilities: null,
      capabilitiesAfter: null,
      ceiling: null,
    },
    samples,
  }
}

const stored = (index: number) => storedSample({ id: index + 1, index })
const span = { lane: 'allocator', phase: 'alloc', startNs: 0, endNs: 1, bytes: 1, gather: null } as const
const event = (index: number) => ({
  summary: { ...summary, samplesDone: index + 1 },
  sample: stored(index),
  spans: [span],
})

describe('samples of a watched run', () => {
  test('are appended as they are stored, each once', () => {
    const watched = withDetail(emptyLabState, detail([stored(0)]))
    const state = [0, 1, 1, 2].reduce((current, index) => withSample(current, event(index)), watched)
    expect(state.samples.get(1)?.map(sample => sample.index)).toEqual([0, 1, 2])
    expect(state.latest.get(1)?.sample.index).toBe(2)
  })

  test('are not lost when an older detail arrives after them', () => {
    const state = withSample(withDetail(emptyLabState, detail([stored(0)])), event(1))
    const reread = withDetail(state, detail([stored(0)]))
    expect(reread.samples.get(1)?.map(sample => sample.index)).toEqual([0, 1])
  })

  test('of a run that is not watched are not gathered', () => {
    const state = withSample(emptyLabState, event(0))
    expect(state.samples.size).toBe(0)
    expect(state.latest.get(1)?.sample.id).toBe(1)
  })
})

test('a sample without spans does not take the place of one that can be drawn', () => {
  const state = [event(0), { ...event(1), spans: [] }].reduce(withSample, emptyLabState)
  expect(state.latest.get(1)?.sample.index).toBe(0)
})

test('a run that ended has no progress any more', () => {
  const progress = { stage: 'measuring', done: 1, total: 3, remainingNs: null, text: '' } as const
  const running = withProgress(withSummary(emptyLabState, summary), { runId: 1, progress })
  expect(running.progress.has(1)).toBe(true)
  expect(withSummary(running, { ...summary, status: 'finished' }).progress.has(1)).toBe(false)
})

test('what was probed of a target is forgotten once it is not ready', () => {
  const error = { kind: 'target-lost', message: 'gone', hint: '' } as const
  const target = { id: 'adb:1', kind: 'adb', title: 'phone', state: 'ready', detail: '' } as const
  const probed = withProbe(emptyLabState, 'adb:1', { state: 'failed', error, directory: null })
  expect(withTargets(probed, [target]).probes.has('adb:1')).toBe(true)
  expect(withTargets(probed, [{ ...target, state: 'offline' }]).probes.has('adb:1')).toBe(false)
  expect(withTargets(probed, []).probes.has('adb:1')).toBe(false)
})

test('a run deleted while the link was down is gone, and one that ended then has ended', () => {
  const before = withSummary(withSummary(emptyLabState, summary), { ...summary, id: 2 })
  const after = withOnlyRuns(withDetail(before, detail([stored(0)])), [
    { ...summary, id: 2, status: 'finished' },
  ])
  expect([...(after.runs?.values() ?? [])].map(run => [run.id, run.status])).toEqual([[2, 'finished']])
  expect(after.samples.size).toBe(0)
})

test('a deleted run leaves nothing behind', () => {
  const state = withSample(withDetail(withSummary(emptyLabState, summary), detail([])), event(0))
  const gone = withoutRun(state, 1)
  expect([gone.runs?.size, gone.described.size, gone.samples.size, gone.latest.size]).toEqual([0, 0, 0, 0])
})

test('how a run ended is known without reading it again, and its samples stay', () => {
  const watched = withSample(withDetail(emptyLabState, detail([])), event(0))
  const { run } = detail([], 'finished')
  const state = withRun(watched, { summary: { ...summary, status: 'finished' }, run })
  expect(state.described.get(1)?.status).toBe('finished')
  expect(state.samples.get(1)).toHaveLength(1)
})

test('a stored sample counts in the history', () => {
  expect(withSample(emptyLabState, event(4)).runs?.get(1)?.samplesDone).toBe(5)
})

test('a run without its detail stays in the history', () => {
  const state = withoutDetail(withSample(withDetail(emptyLabState, detail([])), event(0)), 1)
  expect([state.runs?.size, state.described.size, state.samples.size, state.latest.size]).toEqual([
    1, 0, 0, 0,
  ])
})

test('the details of runs that are over and not looked at are forgotten, and never those of a running one', () => {
  const second = { ...summary, id: 2 }
  const both = [
    event(0),
    { ...event(1), summary: { ...second, status: 'finished' as const } },
    { ...event(2), summary: { ...second, id: 3, status: 'finished' as const } },
  ].reduce(withSample, emptyLabState)
  const kept = withDetailsOf(both, runId => runId === 3)
  expect([...kept.latest.keys()]).toEqual([1, 3])
  expect(kept.runs?.size).toBe(3)
})

test('of many runs the newest are kept, what is running and what is wanted', () => {
  const runs = [1, 2, 3, 4, 5, 6].map(id => ({
    ...summary,
    id,
    status: id === 2 ? ('running' as const) : ('finished' as const),
  }))
  const all = runs.reduce(withSummary, emptyLabState)
  const kept = withNewestRuns(all, 2, runId => runId === 3)
  expect([...(kept.runs?.keys() ?? [])]).toEqual([2, 3, 5, 6])
  expect(withNewestRuns(kept, 2, runId => runId === 3)).toBe(kept)
  expect(withNewestRuns(all, 6, () => false)).toBe(all)
})
