import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { CallOutput } from '../../contract/calls.ts'
import type { EngineOptions } from '../../contract/engine.ts'
import { makeFolder } from '../../db/makeFolder.ts'
import { openNamedStore, openStore } from '../../db/openStore.ts'
import { storing } from '../../db/storeFailure.ts'
import type { EngineProcess } from './engineProcess.ts'
import { LabApplication } from './lab.ts'
import { type LabPlaces, labPaths } from './paths.ts'

export type OpenLab = {
  readonly lab: LabApplication
  /** Interrupts what runs, ends the engine processes, then closes the store. */
  readonly close: () => Promise<void>
}

export type LabPlace = LabPlaces & {
  readonly shell: CallOutput<'labInfo'>['shell']
  readonly startEngine: (options: EngineOptions) => EngineProcess
}

/** @throws LabFailure of the store kinds when the database cannot be used. */
export function openLab({ shell, startEngine, ...places }: LabPlace): OpenLab {
  const { productDirectory, databaseFile } = places
  const paths = labPaths(places)
  storing(paths.dataDirectory, () => makeFolder(paths.dataDirectory))
  const open = databaseFile === undefined ? openStore : openNamedStore
  const store = open(paths.databaseFile)
  const version = productVersion(productDirectory)
  const lab = new LabApplication({
    store,
    startEngine: () => startEngine(paths.engine),
    paths,
    shell,
    version,
  })
  return {
    lab,
    close: async () => {
      await lab.close()
      store.close()
    },
  }
}

export function productVersion(productDirectory: string): string {
  const text = readFileSync(join(productDirectory, 'package.json'), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}
