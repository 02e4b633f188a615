import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lockdepRules } from './fixtures/lockdepRules.ts'
import { judge, judging } from './judge.ts'
import { judgedSentence } from './judgedText.ts'
import { parseScenario, type Scenario, type Step, scenarioSchema } from './scenario.ts'

const examples = join(import.meta.dirname, 'examples')

function verdictsOf(example: string): Record<string, string> {
  const file = join(examples, `${example}.json`)
  const { judgements } = judge(parseScenario(readFileSync(file, 'utf8'), file))
  return Object.fromEntries(judgements.map(({ annotation, verdict }) => [annotation, verdict]))
}

/** A scenario from the steps of its threads; a lock is named by what uses it. */
function scenarioOf(
  locks: readonly string[],
  threads: Record<string, unknown[]>,
  fences: string[] = [],
): Scenario {
  return scenarioSchema.parse({
    title: 'test',
    locks: Object.fromEntries(locks.map(lock => [lock, {}])),
    fences,
    threads: Object.entries(threads).map(([name, steps]) => ({ name, steps })),
  })
}

const begin = { do: 'begin-signalling' }
const end = { do: 'end-signalling' }
const lock = (name: string, mode = 'write') => ({ do: 'lock', lock: name, mode })
const unlock = (name: string) => ({ do: 'unlock', lock: name })

describe('the examples', () => {
  test.each([
    ['annotated-upper-layer', 'no report, no deadlock', 'no report, no deadlock'],
    ['unannotated-upper-layer', 'false report', 'no report, no deadlock'],
    ['wait-under-lock', 'true report', 'true report'],
  ])('%s', (example, read, trylock) => {
    expect(verdictsOf(example)).toEqual({ read, trylock })
  })

  test('are all judged here', () => {
    expect(readdirSync(examples)).toHaveLength(3)
  })
})

describe('lockdep', () => {
  test('registers no order to a lock that was tried, and orders from it', () => {
    const scenario = scenarioOf(['a', 'b', 'c'], {
      one: [lock('a'), { do: 'trylock', lock: 'b', got: [lock('c'), unlock('c'), unlock('b')] }, unlock('a')],
    })
    const orders = judge(scenario, ['read']).judgements[0]?.orders.map(({ from, to }) => `${from} -> ${to}`)
    // The walk down the held locks goes past the tried one to the first that was not.
    expect(orders?.sort()).toEqual(['a -> c', 'b -> c'])
  })

  test('takes two locks of one class for one', () => {
    const scenario = scenarioSchema.parse({
      title: 'two inodes',
      locks: { 'inode 1': { class: 'inode' }, 'inode 2': { class: 'inode' } },
      threads: [
        { name: 'rename', steps: [lock('inode 1'), lock('inode 2'), unlock('inode 2'), unlock('inode 1')] },
      ],
    })
    const { judgements, deadlock } = judge(scenario, ['read'])
    expect(judgements[0]).toMatchObject({ verdict: 'false report', report: { kind: 'recursive' } })
    expect(deadlock).toBeNull()
  })

  test('lets recursive readers close no circle', () => {
    const readers = (outer: string, inner: string) => [
      lock(outer, 'recursive-read'),
      lock(inner, 'recursive-read'),
      unlock(inner),
      unlock(outer),
    ]
    const scenario = scenarioOf(['a', 'b'], { one: readers('a', 'b'), two: readers('b', 'a') })
    expect(judge(scenario, ['read']).judgements[0]?.verdict).toBe('no report, no deadlock')
  })

  test('misses an order that a recursive reader stands in, as check_prevs_add() does', () => {
    const scenario = scenarioOf(['a', 'b', 'c'], {
      one: [lock('c'), lock('a'), unlock('a'), unlock('c')],
      two: [lock('a'), lock('b', 'recursive-read'), lock('c'), unlock('c'), unlock('b'), unlock('a')],
    })
    expect(judge(scenario, ['read']).judgements[0]?.verdict).toBe('missed deadlock')
  })

  test.each(lockdepRules)('$scenario.title', ({ scenario, reports }) => {
    const { judgements, deadlock } = judge(scenario, ['read'])
    expect(deadlock).not.toBeNull()
    expect(judgements[0]?.report ?? null, JSON.stringify(judgements)).toEqual(
      reports ? expect.anything() : null,
    )
  })

  test('sees a wait inside a section of one’s own as no order', () => {
    const scenario = scenarioOf(
      ['a'],
      { one: [begin, { do: 'wait', fence: 'job' }, end], two: [begin, { do: 'signal', fence: 'job' }, end] },
      ['job'],
    )
    expect(judge(scenario, ['trylock']).judgements[0]?.report).toBeNull()
  })
})

test('trylocks without an end are refused, and many wrong steps in a few words', () => {
  const textOf = (steps: string) => `{"title":"x","locks":{"a":{}},"threads":[{"name":"t","steps":${steps}}]}`
  const nested = (depth: number) =>
    textOf(`${'[{"do":"trylock","lock":"a","got":'.repeat(depth)}[]${'}]'.repeat(depth)}`)
  expect(() => parseScenario(nested(100_000), 'deep.json')).toThrow('more than 64 levels')
  expect(parseScenario(nested(20), 'fine.json').threads).toHaveLength(1)
  const wrong = Array.from({ length: 40 }, () => ({ do: 'sleep' }))
  expect(() => parseScenario(textOf(JSON.stringify(wrong)), 'wrong.json')).toThrow(
    /threads\.0\.steps\.0.*and 30 more$/,
  )
})

test('the sentence says what each annotation makes of it, once where both say the same', () => {
  const sentenceOf = (example: string) => {
    const file = join(examples, `${example}.json`)
    return judgedSentence(judge(parseScenario(readFileSync(file, 'utf8'), file)))
  }
  expect(sentenceOf('unannotated-upper-layer')).toBe(
    'Annotated as a read lock, lockdep reports a deadlock that cannot happen; as a read-trylock, it rightly reports nothing.',
  )
  expect(sentenceOf('wait-under-lock')).toBe(
    'Annotated either way, lockdep reports a deadlock that can happen.',
  )
})

test('a long exploration pauses, and comes to what it comes to in one go', () => {
  const steps = Array.from({ length: 12 }, () => [begin, end]).flat()
  const scenario = scenarioOf(['a'], { one: steps, two: steps, three: steps })
  const work = judging(scenario)
  const pauses: number[] = []
  for (;;) {
    const { done, value } = work.next()
    if (done) {
      expect(value).toEqual(judge(scenario))
      break
    }
    pauses.push(value)
  }
  expect(pauses.length).toBeGreaterThan(5)
})

describe('interleavings', () => {
  test('a fence that nobody signals is waited for for ever', () => {
    const scenario = scenarioOf(['a'], { one: [{ do: 'wait', fence: 'job' }] }, ['job'])
    const { deadlock, judgements } = judge(scenario, ['read'])
    expect(deadlock?.waiting).toEqual([{ thread: 'one', step: 'dma_fence_wait(job)' }])
    expect(judgements[0]?.verdict).toBe('missed deadlock')
  })

  test('a reader inside a reader deadlocks with a writer between them', () => {
    const scenario = scenarioOf(['a'], {
      reader: [lock('a', 'read'), lock('a', 'read'), unlock('a'), unlock('a')],
      writer: [lock('a'), unlock('a')],
    })
    expect(judge(scenario, ['read']).judgements[0]?.verdict).toBe('true report')
  })
})

describe('any scenario of locks alone', () => {
  // Recursive readers hide orders from lockdep: see above.
  const modes = fc.constantFrom('write', 'read')
  const names = ['a', 'b', 'c']
  const nested: fc.Arbitrary<unknown[]> = fc.letrec<{ steps: unknown[] }>(tie => ({
    steps: fc.oneof(
      { maxDepth: 3 },
      fc.constant<unknown[]>([]),
      fc
        .tuple(fc.constantFrom(...names), modes, fc.boolean(), tie('steps'), tie('steps'))
        .map(([name, mode, tried, inside, after]) => [
          ...(tried
            ? [{ do: 'trylock', lock: name, mode, got: [...inside, unlock(name)] }]
            : [lock(name, mode), ...inside, unlock(name)]),
          ...after,
        ]),
    ),
  })).steps

  test('that can deadlock is reported, with trylocks or without', () => {
    fc.assert(
      fc.property(fc.array(nested, { minLength: 1, maxLength: 3 }), threads => {
        const used = threads.filter(steps => steps.length > 0)
        fc.pre(used.length > 0)
        const scenario = scenarioOf(
          names,
          Object.fromEntries(used.map((steps, at) => [`thread ${at}`, steps])),
        )
        const { judgements } = judge(scenario)
        expect(judgements.map(({ verdict }) => verdict)).not.toContain('missed deadlock')
      }),
      { numRuns: 100 },
    )
  })
})

describe('a scenario that is wrong', () => {
  const parse = (content: unknown) => () => parseScenario(JSON.stringify(content), 'x.json')
  const steps = (list: unknown[]) => ({
    title: 't',
    locks: { a: {} },
    fences: [],
    threads: [{ name: 'one', steps: list }],
  })

  test.each([
    ['an unknown step', steps([{ do: 'sleep' }]), 'threads.0.steps.0'],
    ['an unknown lock', steps([lock('b'), unlock('b')]), 'one uses the unknown lock "b"'],
    ['a lock called as an object’s own', steps([lock('constructor')]), 'unknown lock "constructor"'],
    ['an unknown fence', steps([{ do: 'wait', fence: 'f' }]), 'one uses the unknown fence "f"'],
    ['no threads', { title: 't', threads: [] }, 'at least one thread'],
    [
      'a control sequence in a name',
      { title: 't', threads: [{ name: '\u001b[2J', steps: [begin] }] },
      'a name is',
    ],
  ])('%s', (_what, content, message) => {
    expect(parse(content)).toThrow(message)
  })

  test('no JSON', () => {
    expect(() => parseScenario('{', 'x.json')).toThrow('x.json is not JSON')
  })

  test.each([
    ['a lock left held', [lock('a')], 'one ends with a held'],
    ['an unlock of what is not held', [unlock('a')], 'one does unlock(a) without holding it'],
    ['a section left open', [begin], 'one ends inside a signalling section'],
    ['a section that was not begun', [end], 'one ends a signalling section that it has not begun'],
  ])('%s', (_what, list, message) => {
    expect(() => judge(scenarioOf(['a'], { one: list }))).toThrow(message)
  })

  test('more states than can be tried', () => {
    const busy: Step[] = Array.from({ length: 60 }, (_, at) => ({
      do: at % 2 === 0 ? 'begin-signalling' : 'end-signalling',
    }))
    const threads = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`thread ${at}`, busy]))
    expect(() => judge(scenarioOf([], threads))).toThrow('states can be reached')
  })
})
