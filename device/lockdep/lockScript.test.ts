import { describe, expect, test } from 'vitest'
import { type Scenario, scenarioSchema } from '../../locks/scenario.ts'
import { lockScript } from './lockScript.ts'

const begin = { do: 'begin-signalling' }
const end = { do: 'end-signalling' }

function scenarioOf(threads: Record<string, unknown[]>): Scenario {
  return scenarioSchema.parse({
    title: 'test',
    locks: { 'inode 1': { class: 'inode' }, 'inode 2': { class: 'inode' }, other: {} },
    fences: ['job'],
    threads: Object.entries(threads).map(([name, steps]) => ({ name, steps })),
  })
}

describe('lockScript', () => {
  test('locks of one class share it, and every step has its place', () => {
    const scenario = scenarioOf({
      one: [
        { do: 'lock', lock: 'inode 2', mode: 'recursive-read' },
        begin,
        { do: 'wait', fence: 'job' },
        end,
        { do: 'unlock', lock: 'inode 2' },
      ],
    })
    const { text, places } = lockScript(scenario, 'kernel')
    expect(text.trim().split('\n')).toEqual([
      'annotation kernel',
      'class inode',
      'class other',
      'instance 0',
      'instance 0',
      'instance 1',
      'thread',
      'lock 1 2',
      'begin-signalling',
      'wait',
      'end-signalling',
      'unlock 1',
    ])
    expect(places.map(({ step }) => step)).toEqual([
      'begins',
      'lock(inode 2, recursive-read)',
      'dma_fence_begin_signalling()',
      'dma_fence_wait(job)',
      'dma_fence_end_signalling()',
      'unlock(inode 2)',
    ])
  })

  test('a trylock makes two ways; refused, it takes nothing', () => {
    const got = [{ do: 'unlock', lock: 'other' }]
    const refused = [{ do: 'signal', fence: 'job' }]
    const { text } = lockScript(scenarioOf({ one: [{ do: 'trylock', lock: 'other', got, refused }] }), 'read')
    expect(text.slice(text.indexOf('thread')).trim().split('\n')).toEqual([
      ...['thread', 'trylock 2 0', 'unlock 2'],
      ...['thread', 'signal'],
    ])
  })

  test('more locks at once than lockdep keeps of a task are refused', () => {
    const held = (count: number) => [
      ...Array.from({ length: count }, () => ({ do: 'lock', lock: 'other', mode: 'recursive-read' })),
      ...Array.from({ length: count }, () => ({ do: 'unlock', lock: 'other' })),
    ]
    // A list has 64 steps at the most: the rest is inside a trylock.
    const scenario = scenarioOf({
      one: [
        ...Array.from({ length: 30 }, () => ({ do: 'lock', lock: 'other', mode: 'recursive-read' })),
        { do: 'trylock', lock: 'inode 1', got: [...held(15), { do: 'unlock', lock: 'inode 1' }] },
        ...Array.from({ length: 30 }, () => ({ do: 'unlock', lock: 'other' })),
      ],
    })
    expect(() => lockScript(scenario, 'read')).toThrow('one holds more than 45 locks at once')
    expect(() => lockScript(scenarioOf({ one: held(31) }), 'read')).not.toThrow()
  })
})
