import { expect, test, vi } from 'vitest'
import { callNames } from '../contract/calls.ts'
import { createLabClient, type LabLink } from './labClient.ts'

const linkAnswering = (outcome: unknown): LabLink => ({
  call: async () => outcome,
  subscribe: () => () => {},
})

test('has a function for every call of the table', () => {
  const lab = createLabClient(linkAnswering(null))
  const { on, ...served } = lab
  const names = Object.entries(served).flatMap(([topic, functions]) =>
    Object.keys(functions).map(call => `${topic}.${call}`),
  )
  expect(names.sort()).toEqual([...callNames].sort())
  expect(on).toBeTypeOf('function')
})

test('passes on what the contract allows', async () => {
  const lab = createLabClient(linkAnswering({ ok: true, value: { runId: 3 } }))
  expect(await lab.runs.resume({ runId: 3 })).toEqual({ ok: true, value: { runId: 3 } })
  const error = { kind: 'busy', message: 'run 3 is measuring', hint: '' }
  const refused = createLabClient(linkAnswering({ ok: false, error }))
  expect(await refused.runs.resume({ runId: 3 })).toEqual({ ok: false, error })
})

test.each([
  undefined,
  'ok',
  { ok: true, value: { runId: 'x' } },
  { ok: true, value: { runId: 3, extra: 1 } },
  { ok: false, error: { kind: 'unheard of', message: 'x', hint: '' } },
])('turns the answer %j into an error value', async answer => {
  const outcome = await createLabClient(linkAnswering(answer)).runs.resume({ runId: 3 })
  expect(outcome).toMatchObject({ ok: false, error: { kind: 'internal' } })
})

test('turns a broken link into an error value', async () => {
  const link: LabLink = { call: () => Promise.reject(new Error('gone')), subscribe: () => () => {} }
  expect(await createLabClient(link).runs.list({})).toMatchObject({ ok: false, error: { message: 'gone' } })
})

test('delivers events inside the contract, drops others, and unsubscribes', () => {
  let emit: (payload: unknown) => void = () => {}
  const unsubscribe = vi.fn()
  const lab = createLabClient({
    call: async () => null,
    subscribe: (_event, listener) => {
      emit = listener
      return unsubscribe
    },
  })
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const heard: unknown[] = []
  const stop = lab.on('runDeleted', payload => heard.push(payload))
  emit({ runId: 4 })
  emit({ runId: -4 })
  emit('nonsense')
  expect(heard).toEqual([{ runId: 4 }])
  expect(log).toHaveBeenCalledTimes(2)
  log.mockRestore()
  stop()
  expect(unsubscribe).toHaveBeenCalledOnce()
})
