import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { endProcess, identifyProcess, isAlive, parseProcessStat } from './processIdentity.ts'

test('a name with blanks and brackets does not shift the fields', () => {
  const stat = `12 (a ) b (c) S ${Array.from({ length: 18 }, (_, index) => index).join(' ')} 4711 0 0`
  expect(parseProcessStat(12, stat)).toEqual({ pid: 12, startTicks: '4711' })
})

test('a zombie is not alive', () => {
  expect(parseProcessStat(12, `12 (x) Z ${'0 '.repeat(18)}4711 0`)).toBeNull()
})

test('a reused process id is not taken for the process', () => {
  const self = identifyProcess(process.pid)
  expect(self).not.toBeNull()
  expect(isAlive({ pid: process.pid, startTicks: '1' })).toBe(false)
})

test('a process that ignores SIGTERM is ended by force', async () => {
  const child = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 0.1; done'])
  await once(child.stdout, 'data')
  const identity = identifyProcess(child.pid ?? 0)
  if (identity === null) throw new Error('the child has already ended')
  await endProcess(identity, 100)
  expect(isAlive(identity)).toBe(false)
})
