import { join } from 'node:path'
import { forkEngine } from '../lab/forkedEngine.ts'
import type { LabPlace } from '../lab/openLab.ts'
import { productDirectory } from './productDirectory.ts'

/** Where the terminal's lab comes from: a checkout, or the package of the desktop app. */
export type TerminalPlace = Pick<
  LabPlace,
  'productDirectory' | 'packedAgents' | 'startEngine' | 'findingsWorkerFile' | 'checkWorkerFile'
>

const workerFile = join(productDirectory, 'engine', 'worker.ts')

let place: TerminalPlace = {
  productDirectory,
  startEngine: options => forkEngine(workerFile, options),
  findingsWorkerFile: join(productDirectory, 'main', 'lab', 'findings', 'findingsWorker.ts'),
  checkWorkerFile: join(productDirectory, 'db', 'checkWorker.ts'),
}

export function terminalPlace(): TerminalPlace {
  return place
}

/** Said once, before anything runs, by whoever is not a checkout. */
export function setTerminalPlace(other: TerminalPlace): void {
  place = other
}
