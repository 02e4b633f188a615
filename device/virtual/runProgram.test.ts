import { expect, test } from 'vitest'
import { runOrFail, runProgram } from './runProgram.ts'

test('gives exit code, bytes and errors of a program, without a shell', async () => {
  const script = 'printf "\\0\\377"; cat; echo oops >&2; exit 7'
  const result = await runProgram('sh', ['-c', script], { input: '$(id)' })
  expect(result).toMatchObject({ exitCode: 7, stderr: 'oops\n' })
  expect([...result.stdout.subarray(0, 2)]).toEqual([0, 255])
  expect(result.stdout.subarray(2).toString()).toBe('$(id)')
})

test('a program that does not end is ended', async () => {
  expect((await runProgram('sleep', ['60'], { timeoutMs: 50 })).exitCode).toBeNull()
})

test('a failure carries what the program said last', async () => {
  const failing = runOrFail('sh', ['-c', 'echo first >&2; echo no mirror >&2; exit 3'])
  await expect(failing).rejects.toMatchObject({ kind: 'target-unavailable' })
  await expect(failing).rejects.toThrow(/ended with 3: first\nno mirror$/)
})

test('a program that is not there is named', async () => {
  await expect(runOrFail('/nowhere/qemu', [])).rejects.toThrow('cannot run /nowhere/qemu')
})
