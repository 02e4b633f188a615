import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail, reasonOf } from '../../contract/error.ts'
import { parseScenario } from '../../locks/scenario.ts'
import type { VirtualDevice } from '../virtual/virtualDevice.ts'
import { openLockdep } from './lockdepDevice.ts'
import { type PlayedScenario, playScenario } from './playedScenarios.ts'

const examples = fileURLToPath(new URL('../../locks/examples/', import.meta.url))

/** Plays the scenarios of `files`, or all examples where there are none. */
export async function* playFiles(
  device: VirtualDevice,
  files: readonly string[],
): AsyncGenerator<PlayedScenario> {
  const scenarios = (files.length > 0 ? files : exampleFiles()).map(file => ({
    file,
    scenario: parseScenario(readScenario(file), file),
  }))
  const lockdep = await openLockdep(device)
  try {
    const own = await lockdep.ownAnnotation()
    for (const each of scenarios) yield* playScenario(lockdep, own, each)
  } finally {
    await lockdep.close()
  }
}

function exampleFiles(): string[] {
  return readdirSync(examples).map(name => join(examples, name))
}

function readScenario(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    return fail(
      'bad-input',
      `${file} cannot be read: ${reasonOf(thrown)}`,
      'Name a scenario in JSON.',
      thrown,
    )
  }
}
