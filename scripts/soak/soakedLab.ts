// The terminal's lab, whose processes and threads can be told to collect their garbage.
// node soakedLab.ts <words of the terminal>
import './collecting.ts'
import { join } from 'node:path'
import { setTerminalPlace, terminalPlace } from '../../main/cli/terminalPlace.ts'
import { forkEngine } from '../../main/lab/forkedEngine.ts'

setTerminalPlace({
  ...terminalPlace(),
  startEngine: options => forkEngine(join(import.meta.dirname, 'soakedEngine.ts'), options),
  findingsWorkerFile: join(import.meta.dirname, 'soakedFindings.ts'),
})
const { runTerminal } = await import('../../main/cli/program.ts')
await runTerminal(process.argv.slice(2))
