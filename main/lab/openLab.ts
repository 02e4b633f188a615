import { join } from 'node:path'
import type { CallOutput } from '../../contract/calls.ts'
import type { EngineOptions } from '../../contract/engine.ts'
import { makeFolder } from '../../db/makeFolder.ts'
import { openNamedStore, openStore } from '../../db/openStore.ts'
import { makePrivate, privateFolderMode } from '../../db/privateFiles.ts'
import { storing } from '../../db/storeFailure.ts'
import type { EngineProcess } from './engineProcess.ts'
import { LabApplication } from './lab.ts'
import { LabLog } from './log/labLog.ts'
import { LogFile } from './log/logFile.ts'
import { databaseName, type LabPaths, type LabPlaces, labPaths, logDirectoryIn } from './paths.ts'
import { productVersion } from './productVersion.ts'

export type OpenLab = {
  readonly lab: LabApplication
  /** Interrupts what runs, ends the engine processes, then closes the store. */
  readonly close: () => Promise<void>
}

export type LabPlace = LabPlaces & {
  readonly shell: CallOutput<'shell', 'info'>['shell']
  /** Whether the log holds every line between engine and agent; else `DMABUF_LAB_LOG=verbose` says so. */
  readonly verbose?: boolean
  readonly startEngine: (options: EngineOptions) => EngineProcess
  /** What works out findings in the background. */
  readonly findingsWorkerFile: string
  /** What looks at the database in the background. */
  readonly checkWorkerFile: string
}

/** @throws LabFailure of the store kinds when the database cannot be used. */
export function openLab({
  shell,
  startEngine,
  findingsWorkerFile,
  checkWorkerFile,
  verbose = process.env.DMABUF_LAB_LOG === 'verbose',
  ...places
}: LabPlace): OpenLab {
  const { productDirectory, databaseFile } = places
  const paths = labPaths(places)
  storing(paths.dataDirectory, () => makeDataFolder(paths))
  const open = databaseFile === undefined ? openStore : openNamedStore
  const store = open(paths.databaseFile)
  const version = productVersion(productDirectory)
  const log = new LabLog(new LogFile(logDirectoryIn(paths.dataDirectory)), verbose)
  log.note(`lab ${version} started: ${shell} on ${paths.databaseFile}`)
  for (const notice of store.notices) log.note(notice)
  const lab = new LabApplication({
    store,
    startEngine: () => startEngine({ ...paths.engine, verbose }),
    findingsWorkerFile,
    paths,
    log,
    shell,
    version,
  })
  // A terminal's command is over before that.
  if (shell !== 'terminal') {
    lab.finishDeletions()
    lab.keepLedger()
    void lab.checkDatabase(checkWorkerFile)
  }
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

/** Its owner's alone. A folder that `DMABUF_LAB_HOME` names may be a person's for more than the lab: it stays as it is. */
function makeDataFolder({ dataDirectory, databaseFile }: LabPaths): void {
  makeFolder(dataDirectory, privateFolderMode)
  if (!process.env.DMABUF_LAB_HOME) makePrivate(dataDirectory)
  const ours = databaseFile === join(dataDirectory, databaseName)
  if (ours) for (const suffix of ['', '-wal', '-shm']) makePrivate(databaseFile + suffix)
}
