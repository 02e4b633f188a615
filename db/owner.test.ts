import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isAlive, thisOwner } from './owner.ts'

const noProc = existsSync('/proc/self/stat') ? null : 'needs /proc'

test('this process is alive', () => {
  expect(isAlive(thisOwner())).toBe(true)
})

test('a reused pid is another process', context => {
  if (noProc !== null) context.skip(noProc)
  expect(isAlive({ ...thisOwner(), startTicks: 1 })).toBe(false)
})

test('no process outlives a boot', context => {
  if (noProc !== null) context.skip(noProc)
  expect(isAlive({ ...thisOwner(), bootId: '00000000-0000-0000-0000-000000000000' })).toBe(false)
})

test('without a start time the pid decides', async () => {
  const child = spawn('sleep', ['30'])
  const owner = { pid: child.pid ?? 0, startTicks: null, bootId: null }
  expect(isAlive(owner)).toBe(true)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isAlive(owner)).toBe(false)
})

test('a zombie is dead', async context => {
  if (noProc !== null) context.skip(noProc)
  // The shell's background child ends at once; sleep, which replaces the shell, never waits for it.
  const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 30'])
  const [line] = await once(parent.stdout, 'data')
  await expect.poll(() => isAlive({ pid: Number(line), startTicks: null, bootId: null })).toBe(false)
  parent.kill('SIGKILL')
})
