import { Command, CommanderError } from 'commander'
import { toLabError } from '../../contract/error.ts'
import { productVersion } from '../lab/openLab.ts'
import { addBackupCommand } from './backupCommand.ts'
import { addCalibrateCommand } from './calibrateCommand.ts'
import { addCeilingCommand } from './ceilingCommand.ts'
import { addCleanCommand } from './cleanCommand.ts'
import { addCompareCommand } from './compareCommand.ts'
import { addDeleteCommand } from './deleteCommand.ts'
import { exitCodeOf, exitCodes } from './exitCode.ts'
import { addExportCommand } from './exportCommand.ts'
import { addExtendCommand } from './extendCommand.ts'
import { addImportCommand } from './importCommand.ts'
import { addLocksCommand } from './locksCommand.ts'
import { addLogCommand } from './logCommand.ts'
import { addPredictCommand } from './predictCommand.ts'
import { addProbeCommand } from './probeCommand.ts'
import { addPublishedCommand } from './publishedCommand.ts'
import { addRecoverCommand } from './recoverCommand.ts'
import { addResumeCommand } from './resumeCommand.ts'
import { addRunCommand } from './runCommand.ts'
import { addRunsCommand } from './runsCommand.ts'
import { addServeCommand } from './serveCommand.ts'
import { addShowCommand } from './showCommand.ts'
import { addTargetsCommand } from './targetsCommand.ts'
import { note, watchOutput } from './terminal.ts'
import { productDirectory } from './terminalLab.ts'
import { addTuneCommand } from './tuneCommand.ts'

/** The terminal shell: results on stdout, everything else on stderr. */
const program = new Command('lab')
  .description(
    'Which way of loading a file into a dma-buf is fastest on this device, why, and how far from the limit?',
  )
  .version(productVersion(productDirectory))
  .option('--db <file>', "the database, instead of the data folder's")
  .option('--verbose', 'note down every line between lab and agent; see `log`')
  .showHelpAfterError('Add --help to see how it is used.')
  .exitOverride()

for (const add of [
  addRunCommand,
  addResumeCommand,
  addExtendCommand,
  addRunsCommand,
  addShowCommand,
  addExportCommand,
  addImportCommand,
  addCompareCommand,
  addDeleteCommand,
  addCleanCommand,
  addTargetsCommand,
  addProbeCommand,
  addCeilingCommand,
  addPublishedCommand,
  addPredictCommand,
  addCalibrateCommand,
  addTuneCommand,
  addLogCommand,
  addLocksCommand,
  addServeCommand,
  addBackupCommand,
  addRecoverCommand,
]) {
  add(program)
}

watchOutput()
try {
  await program.parseAsync()
} catch (thrown) {
  process.exitCode = explain(thrown)
}

/** Says what went wrong on stderr, unless commander has said it. Returns the exit code. */
function explain(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  const { kind, message, hint } = toLabError(thrown)
  note(`error: ${message}`)
  if (hint !== '') note(hint)
  return exitCodeOf(kind)
}
