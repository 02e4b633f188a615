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
import { LabLog } from './log/labLog.ts'
import { LogFile } from './log/logFile.ts'
import { labPaths, logDirectoryIn } from './paths.ts'

export type OpenLab = {
  readonly lab: LabApplication
  /** Interrupts what runs, ends the engine processes, then closes the store. */
  readonly close: () => Promise<void>
}

export type LabPlace = {
  /** The folder of package.json, with `out/agent`. */
  readonly productDirectory: string
  /** Another database than the data folder's. */
  readonly databaseFile?: string
  readonly shell: CallOutput<'shell', 'info'>['shell']
  /** Whether the log holds every line between engine and agent; else `DMABUF_LAB_LOG=verbose` says so. */
  readonly verbose?: boolean
  readonly startEngine: (options: EngineOptions) => EngineProcess
}

/** @throws LabFailure of the store kinds when the database cannot be used. */
export function openLab({
  productDirectory,
  databaseFile,
  shell,
  startEngine,
  verbose = process.env.DMABUF_LAB_LOG === 'verbose',
}: LabPlace): OpenLab {
  const paths = labPaths(productDirectory, databaseFile)
  storing(paths.dataDirectory, () => makeFolder(paths.dataDirectory))
  const open = databaseFile === undefined ? openStore : openNamedStore
  const store = open(paths.databaseFile)
  const version = productVersion(productDirectory)
  const log = new LabLog(new LogFile(logDirectoryIn(paths.dataDirectory)), verbose)
  log.note(`lab ${version} started: ${shell} on ${paths.databaseFile}`)
  for (const notice of store.notices) log.note(notice)
  const lab = new LabApplication({
    store,
    startEngine: () => startEngine({ ...paths.engine, verbose }),
    paths,
    log,
    shell,
    version,
  })
  return {
    lab,
    close: async () => {
      await lab.close()
      store.close()
      log.note('lab ended')
      log.close()
    },
  }
}

export function productVersion(productDirectory: string): string {
  const text = readFileSync(join(productDirectory, 'package.json'), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}
