import { expect, test } from 'vitest'
import { planSchema } from '../contract/plan.ts'
import { GiB, MiB } from '../contract/size.ts'
import { exampleCapabilities } from '../db/fixtures/exampleRun.ts'
import { type PlannedRun, planNotes } from './planNotes.ts'

const plan = {
  target: 'local',
  schemes: ['memfd-direct', 'memfd-gather-direct'],
  sizesBytes: [8 * MiB, 64 * MiB],
  gatherBytes: 8 * MiB,
  repeats: 4,
}

function notesOf(changes: object, about: Partial<PlannedRun> = {}) {
  const { environment } = exampleCapabilities()
  const known = { fileBytes: null, environment, ceilingBytesPerSecond: null }
  return planNotes({ plan: planSchema.parse({ ...plan, ...changes }), ...known, ...about })
}

test('gathers are counted size by size, and what leaves nothing to overlap is said', () => {
  expect(notesOf({}).gathers).toEqual(['8 MiB: 1 gather, nothing to overlap', '64 MiB: 8 gathers'])
  expect(notesOf({ schemes: ['memfd-direct', 'memfd-async-direct'] }).gathers).toEqual([])
  // A last gather that is not full is one, too.
  expect(notesOf({ sizesBytes: [9 * MiB] }).gathers).toEqual(['9 MiB: 2 gathers'])
})

test('the time is told as soon as the ceiling is known', () => {
  expect(notesOf({}).costs).toEqual(['64 MiB of memory', '64 MiB on disk'])
  // 2 schemes, 4 repeats and a warm-up, 72 MiB each time.
  expect(notesOf({}, { ceilingBytesPerSecond: 72 * MiB }).costs[0]).toBe('at least 10 s')
})

test('what is scarce now is said, what can never fit is refused', () => {
  const { environment } = exampleCapabilities()
  const scarce = { environment: { ...environment, memoryAvailableBytes: 10 * MiB, freeBytes: 20 * MiB } }
  expect(notesOf({}, scarce)).toMatchObject({
    problem: null,
    costs: ['64 MiB of memory (10 MiB free now)', '64 MiB on disk (20 MiB free now)'],
  })
  expect(notesOf({ sizesBytes: [900 * 1024 * GiB] }).problem).toMatch(
    /^a buffer of 900 TiB does not fit into/,
  )
  expect(notesOf({ sizesBytes: [900 * 1024 * GiB] }, { environment: null }).problem).toBeNull()
})

test('processors that the target has not, and a clock that it cannot cap, are refused', () => {
  const { environment } = exampleCapabilities()
  const offered = {
    environment: { ...environment, processors: { usable: '0-1', clocks: [], canCapClock: false } },
  }
  expect(notesOf({ processors: '0-1' }, offered).problem).toBeNull()
  expect(notesOf({ processors: '1,7' }, offered).problem).toContain('the target offers 0-1')
  expect(notesOf({ clockKhz: 1_000_000 }, offered).problem).toContain('no cpufreq')
  const simulated = { target: 'sim:ufs4-phone-2024', processors: '0' }
  expect(notesOf(simulated, { environment: null }).problem).toContain('no processors to choose')
  // An older agent does not tell; the run finds out.
  expect(notesOf({ processors: '7' }).problem).toBeNull()
})

test('a file of the user’s own needs no disk, and counts with its size', () => {
  const own = notesOf({ sizesBytes: [], file: '/model' }, { fileBytes: 20 * MiB })
  expect(own.costs).toEqual(['20 MiB of memory'])
  expect(own.gathers).toEqual(['20 MiB: 3 gathers'])
})

test.each([
  [1, '1 repeat cannot decide; 4 can'],
  [3, '3 repeats cannot decide; 4 can'],
  [4, null],
])('%i repeats', (repeats, words) => {
  expect(notesOf({ repeats }).repeats).toBe(words)
  expect(notesOf({ repeats, schemes: ['memfd-direct'] }).repeats).toBeNull()
})
