import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandNames } from './commands.ts'
import { makeProgram } from './program.ts'

test('the names are those of the commands', async () => {
  const known = (await makeProgram([])).commands.map(command => command.name())
  expect(commandNames).toEqual([...known, 'help'])
})

test('the package hands the same words to the terminal, and opens the window for all others', () => {
  const files = join(import.meta.dirname, '..', '..', 'scripts', 'packaging', 'files')
  const script = readFileSync(join(files, 'command'), 'utf8')
  const handed = /^(.*)\)$/m
    .exec(script.slice(script.indexOf('in\n') + 3))?.[1]
    ?.trim()
    .split(' | ')
  expect(handed).toEqual([...commandNames, '--help', '-h', '--version', '-V', '--db'])
})
