import { z } from 'zod'
import { fail } from '../contract/error.ts'

const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_ ./:-]{1,60}$/, 'a name is 1 to 60 letters, digits, blanks or _ . / : -')

/** How a lock is taken. A recursive reader passes waiting writers, as read_lock() does in an interrupt. */
const modeSchema = z.enum(['write', 'read', 'recursive-read'])
export type Mode = z.infer<typeof modeSchema>

/** One thing that a thread does. A trylock goes on with its steps of `got` or of `refused`. */
export type Step =
  | { readonly do: 'begin-signalling' | 'end-signalling' }
  | { readonly do: 'lock'; readonly lock: string; readonly mode: Mode }
  | { readonly do: 'unlock'; readonly lock: string }
  | {
      readonly do: 'trylock'
      readonly lock: string
      readonly mode: Mode
      readonly got: readonly Step[]
      readonly refused: readonly Step[]
    }
  | { readonly do: 'wait' | 'signal'; readonly fence: string }

const stepSchema: z.ZodType<Step, unknown> = z.lazy(() =>
  z.discriminatedUnion('do', [
    z.strictObject({ do: z.enum(['begin-signalling', 'end-signalling']) }),
    z.strictObject({ do: z.literal('lock'), lock: nameSchema, mode: modeSchema.default('write') }),
    z.strictObject({ do: z.literal('unlock'), lock: nameSchema }),
    z.strictObject({
      do: z.literal('trylock'),
      lock: nameSchema,
      mode: modeSchema.default('write'),
      got: stepsSchema,
      refused: stepsSchema.default([]),
    }),
    z.strictObject({ do: z.enum(['wait', 'signal']), fence: nameSchema }),
  ]),
)
const stepsSchema = z.array(stepSchema).max(64)

/**
 * Threads, each a list of steps over locks and fences. `class` is lockdep's lock class: locks that were initialised at
 * the same place share one. Without it a lock is a class of its own.
 */
export const scenarioSchema = z.strictObject({
  title: z.string().min(1).max(200),
  about: z.string().max(2000).default(''),
  locks: z.record(nameSchema, z.strictObject({ class: nameSchema.optional() })).default({}),
  fences: z.array(nameSchema).max(16).default([]),
  threads: z
    .array(z.strictObject({ name: nameSchema, steps: stepsSchema.min(1) }))
    .min(1, 'a scenario has at least one thread')
    .max(6, 'a scenario has at most six threads'),
})
export type Scenario = z.infer<typeof scenarioSchema>

const correctIt = 'Correct the named place; docs/fence-locks.md has the form.'

/** Levels of lists and objects: some thirty trylocks inside each other. */
const mostLevels = 64
const mostProblemsNamed = 10

/** @throws LabFailure `bad-file` that names the places in the file of what is wrong. */
export function parseScenario(text: string, file: string): Scenario {
  const value = jsonOf(text, file)
  if (isDeeper(value, mostLevels))
    fail('bad-file', `${file} has more than ${mostLevels} levels inside each other`, correctIt)
  const parsed = scenarioSchema.safeParse(value)
  if (!parsed.success) {
    const { issues } = parsed.error
    const lines = issues
      .slice(0, mostProblemsNamed)
      .map(issue => `${issue.path.map(String).join('.') || 'the whole'}: ${issue.message}`)
    const more = issues.length > lines.length ? [`and ${issues.length - lines.length} more`] : []
    fail('bad-file', `${file}: ${[...lines, ...more].join('; ')}`, correctIt)
  }
  const problem = unknownName(parsed.data)
  if (problem !== null) fail('bad-file', `${file}: ${problem}`, correctIt)
  return parsed.data
}

/** Level by level: what recurses into it has a stack that ends. */
function isDeeper(value: unknown, levels: number): boolean {
  let inside = [value]
  for (let level = 0; level <= levels && inside.length > 0; level += 1)
    inside = inside.flatMap(one => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  return inside.length > 0
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    return fail('bad-file', `${file} is not JSON: ${String(cause)}`, correctIt, cause)
  }
}

function unknownName({ locks, fences, threads }: Scenario): string | null {
  const names = threads.map(thread => thread.name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) return `two threads are called "${twice}"`
  for (const { name, steps } of threads) {
    for (const step of allSteps(steps)) {
      if ('lock' in step && !Object.hasOwn(locks, step.lock))
        return `${name} uses the unknown lock "${step.lock}"`
      if ('fence' in step && !fences.includes(step.fence))
        return `${name} uses the unknown fence "${step.fence}"`
    }
  }
  return null
}

function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap(step =>
    step.do === 'trylock' ? [step, ...allSteps(step.got), ...allSteps(step.refused)] : [step],
  )
}

export function classOf({ locks }: Scenario, lock: string): string {
  return locks[lock]?.class ?? lock
}

/** A step as the kernel writes it. */
export function stepText(step: Step): string {
  switch (step.do) {
    case 'begin-signalling':
      return 'dma_fence_begin_signalling()'
    case 'end-signalling':
      return 'dma_fence_end_signalling()'
    case 'lock':
    case 'trylock':
      return `${step.do}(${step.lock}${step.mode === 'write' ? '' : `, ${step.mode}`})`
    case 'unlock':
      return `unlock(${step.lock})`
    case 'wait':
      return `dma_fence_wait(${step.fence})`
    case 'signal':
      return `dma_fence_signal(${step.fence})`
  }
}
