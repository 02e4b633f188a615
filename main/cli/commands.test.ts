import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandNames, isTerminalCommand } from './commands.ts'
import { makeProgram } from './program.ts'

test('the names are those of the commands', async () => {
  const known = (await makeProgram([])).commands.map(command => command.name())
  expect(commandNames).toEqual([...known, 'help'])
})

test('the package hands the same commands to the terminal', () => {
  const files = join(import.meta.dirname, '..', '..', 'scripts', 'packaging', 'files')
  const script = readFileSync(join(files, 'dmabuf-lab'), 'utf8')
  const handed = /^(.*)\)$/m
    .exec(script.slice(script.indexOf('in\n') + 3))?.[1]
    ?.trim()
    .split(' | ')
  expect(handed).toEqual([...commandNames, '--help', '-h', '--version', '-V', '--db'])
})

test('files, links and no words at all are for the window', () => {
  expect(isTerminalCommand(['runs'])).toBe(true)
  for (const words of [[], ['model.bin'], ['dmabuf-lab://run/1'], ['/home/ada/run']]) {
    expect(isTerminalCommand(words)).toBe(false)
  }
})
