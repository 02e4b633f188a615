import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseScenario } from '../../locks/scenario.ts'
import { readUserText, scenarioFile } from '../../main/lab/userFile.ts'
import type { VirtualDevice } from '../virtual/virtualDevice.ts'
import { openLockdep } from './lockdepDevice.ts'
import { type PlayedScenario, playScenario } from './playedScenarios.ts'

const examples = fileURLToPath(new URL('../../locks/examples/', import.meta.url))

/** Plays the scenarios of `files`, or all examples where there are none. */
export async function* playFiles(
  device: VirtualDevice,
  files: readonly string[],
): AsyncGenerator<PlayedScenario> {
  const named = files.length > 0 ? files : exampleFiles()
  const scenarios = await Promise.all(
    named.map(async file => ({
      file,
      scenario: parseScenario(await readUserText(file, scenarioFile), file),
    })),
  )
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
