import type { Command } from 'commander'

type AddCommand = (program: Command) => void

/**
 * Every command, in the order of the help, and where its code is. Only what is asked for is loaded: a start costs as
 * much as its command needs.
 */
const loaders = new Map<string, () => Promise<AddCommand>>([
  ['run', async () => (await import('./runCommand.ts')).addRunCommand],
  ['resume', async () => (await import('./resumeCommand.ts')).addResumeCommand],
  ['extend', async () => (await import('./extendCommand.ts')).addExtendCommand],
  ['runs', async () => (await import('./runsCommand.ts')).addRunsCommand],
  ['name', async () => (await import('./labelCommands.ts')).addNameCommand],
  ['note', async () => (await import('./labelCommands.ts')).addNoteCommand],
  ['tag', async () => (await import('./labelCommands.ts')).addTagCommand],
  ['baseline', async () => (await import('./baselineCommand.ts')).addBaselineCommand],
  ['show', async () => (await import('./showCommand.ts')).addShowCommand],
  ['export', async () => (await import('./exportCommand.ts')).addExportCommand],
  ['import', async () => (await import('./importCommand.ts')).addImportCommand],
  ['compare', async () => (await import('./compareCommand.ts')).addCompareCommand],
  ['delete', async () => (await import('./deleteCommand.ts')).addDeleteCommand],
  ['abandon', async () => (await import('./abandonCommand.ts')).addAbandonCommand],
  ['clean', async () => (await import('./cleanCommand.ts')).addCleanCommand],
  ['targets', async () => (await import('./targetsCommand.ts')).addTargetsCommand],
  ['probe', async () => (await import('./probeCommand.ts')).addProbeCommand],
  ['ceiling', async () => (await import('./ceilingCommand.ts')).addCeilingCommand],
  ['published', async () => (await import('./publishedCommand.ts')).addPublishedCommand],
  ['predict', async () => (await import('./predictCommand.ts')).addPredictCommand],
  ['calibrate', async () => (await import('./calibrateCommand.ts')).addCalibrateCommand],
  ['tune', async () => (await import('./tuneCommand.ts')).addTuneCommand],
  ['log', async () => (await import('./logCommand.ts')).addLogCommand],
  ['locks', async () => (await import('./locksCommand.ts')).addLocksCommand],
  ['serve', async () => (await import('./serveCommand.ts')).addServeCommand],
  ['backup', async () => (await import('./backupCommand.ts')).addBackupCommand],
  ['recover', async () => (await import('./recoverCommand.ts')).addRecoverCommand],
  ['completion', async () => (await import('./completionCommand.ts')).addCompletionCommand],
])

/** The terminal's commands, for who must know them without loading any of them. */
export const commandNames: readonly string[] = [...loaders.keys(), 'help']

/** Commands that speak of all the others. */
const aboutAll = ['help', 'completion']

/** Adds the command that the words name; every command where they name none, or ask about all. */
export async function addCommands(program: Command, words: readonly string[]): Promise<void> {
  const named = words.find(word => loaders.has(word) || aboutAll.includes(word))
  const wanted = named === undefined || aboutAll.includes(named) ? [...loaders.keys()] : [named]
  const adders = await Promise.all(wanted.map(name => loaders.get(name)?.()))
  for (const add of adders) add?.(program)
}
