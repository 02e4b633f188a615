import { join } from 'node:path'
import { forkEngine } from '../lab/forkedEngine.ts'
import { packedAgents } from '../lab/packedAgents.ts'
import { setTerminalPlace } from './terminalPlace.ts'

/**
 * The terminal shell of a package, built into out/main: a folder `terminal` beside the agents, with a Node of its own.
 * Electron's program cannot stand in for it: as root, or without a display, it does not start.
 */
const product = join(import.meta.dirname, '..', '..')
const built = join(product, 'out')

setTerminalPlace({
  productDirectory: product,
  packedAgents: packedAgents(built, join(product, '..')),
  startEngine: options => forkEngine(join(built, 'main', 'engineWorker.js'), options),
  findingsWorkerFile: join(built, 'main', 'findingsWorker.js'),
  checkWorkerFile: join(built, 'main', 'checkWorker.js'),
})
const { runTerminal } = await import('./program.ts')
await runTerminal(process.argv.slice(2))
