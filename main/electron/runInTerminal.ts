import { join } from 'node:path'
import { app, utilityProcess } from 'electron'
import { runTerminal } from '../cli/program.ts'
import { setTerminalPlace } from '../cli/terminalPlace.ts'
import type { CrashReasons } from './crashReasons.ts'
import { packedAgents } from './packedAgents.ts'
import { startUtilityEngine } from './utilityEngine.ts'

/** A command of the terminal, from the package: the same as a checkout's, with engines as utility processes. */
export async function runInTerminal(
  words: readonly string[],
  built: string,
  crashes: CrashReasons,
): Promise<void> {
  const workerFile = join(built, 'main', 'engineWorker.js')
  setTerminalPlace({
    productDirectory: join(built, '..'),
    ...(app.isPackaged ? { packedAgents: packedAgents(built, process.resourcesPath) } : {}),
    startEngine: options => startUtilityEngine(utilityProcess, workerFile, options, crashes),
    checkWorkerFile: join(built, 'main', 'checkWorker.js'),
  })
  await runTerminal(words)
  app.exit(Number(process.exitCode ?? 0))
}
