import { expect, test } from 'vitest'
import { LabFailure } from '../../contract/error.ts'
import { PatientQueue, whileBusy } from './patientQueue.ts'

const busy = new LabFailure({ kind: 'busy', message: 'another lab has it', hint: '' })
const full = new LabFailure({ kind: 'store-full', message: 'full', hint: '' })

/** Takes numbers, and throws what `problem` holds while it holds something. */
function taker() {
  const state: { taken: number[]; problem: LabFailure | null } = { taken: [], problem: null }
  const failures: unknown[] = []
  const take = (item: number) => {
    if (state.problem !== null) throw state.problem
    state.taken.push(item)
  }
  return { state, failures, queue: new PatientQueue(take, thrown => failures.push(thrown)) }
}

test('what waits for a busy database is taken in its order, once it is free', async () => {
  const { state, queue, failures } = taker()
  queue.push(1)
  state.problem = busy
  for (const item of [2, 3]) queue.push(item)
  expect(state.taken).toEqual([1])
  state.problem = null
  await expect.poll(() => state.taken).toEqual([1, 2, 3])
  queue.push(4)
  expect([state.taken, failures]).toEqual([[1, 2, 3, 4], []])
})

test('its end waits for what waits, and says when that was in vain', async () => {
  const { state, queue } = taker()
  state.problem = busy
  queue.push(1)
  await expect(queue.drained(0)).rejects.toBe(busy)
  setTimeout(() => {
    state.problem = null
  }, 300)
  await queue.drained(60_000)
  expect(state.taken).toEqual([1])
})

test('a failure that does not pass is thrown at once, or told when it comes later', async () => {
  const { state, queue, failures } = taker()
  state.problem = full
  expect(() => queue.push(1)).toThrow(full)
  const later = taker()
  later.state.problem = busy
  later.queue.push(1)
  later.state.problem = full
  await expect.poll(() => later.failures).toEqual([full])
  expect(failures).toEqual([])
})

test('other failures than a busy database are not tried again', async () => {
  let tries = 0
  const work = () => {
    tries += 1
    throw full
  }
  await expect(whileBusy(60_000, work)).rejects.toBe(full)
  expect(tries).toBe(1)
})
