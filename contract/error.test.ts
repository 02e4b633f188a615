import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errnoOf, fail, LabFailure, outcomeOf, toLabError, unwrap } from './error.ts'

describe('errors as values', () => {
  it('keep kind, message and hint across a boundary', async () => {
    const outcome = await outcomeOf(() => fail('bad-file', 'the file is empty', 'Choose another.'))
    const received: unknown = JSON.parse(JSON.stringify(outcome))
    expect(received).toEqual({
      ok: false,
      error: { kind: 'bad-file', message: 'the file is empty', hint: 'Choose another.' },
    })
  })

  it('come back as failures where a caller wants them thrown', async () => {
    const outcome = await outcomeOf(() =>
      Promise.reject(new LabFailure({ kind: 'busy', message: 'm', hint: 'h' })),
    )
    expect(() => unwrap(outcome)).toThrow(LabFailure)
  })

  it('name the path of a value that does not parse', () => {
    const parsed = z
      .strictObject({ plan: z.strictObject({ repeats: z.number() }) })
      .safeParse({ plan: { repeats: 'x' } })
    expect(toLabError(parsed.error)).toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining('plan.repeats'),
    })
  })

  it.each([
    ['EMFILE', 'no-memory', 'ulimit -n'],
    ['ENOSPC', 'no-space', 'Free space'],
    ['EACCES', 'forbidden', 'permission'],
    ['EXDEV', 'internal', 'The operating system refused this.'],
  ])('call %s the machine’s and not the lab’s', (code, kind, hint) => {
    const thrown = Object.assign(new Error(`${code}: open '/x'`), { code, errno: -1, syscall: 'open' })
    expect(toLabError(thrown)).toMatchObject({ kind, hint: expect.stringContaining(hint) })
    expect(toLabError(thrown).hint).not.toContain('fault of the lab')
    expect(errnoOf(`spawn node ${code}`)).toBe(code)
  })

  it('call the unforeseen internal', () => {
    expect(toLabError('thrown text')).toMatchObject({ kind: 'internal', message: 'thrown text' })
    expect(toLabError(new Error(''))).toMatchObject({ kind: 'internal', message: 'unknown failure' })
  })
})
