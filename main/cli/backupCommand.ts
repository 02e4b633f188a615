import type { Command } from 'commander'
import { backupDatabase } from '../lab/storeCare.ts'
import { note } from './terminal.ts'
import { commonOptions } from './terminalLab.ts'

export function addBackupCommand(program: Command): void {
  program
    .command('backup')
    .description('copy the history into a new file, while labs may be using it')
    .argument('<file>', 'the new file')
    .action((file: string, _options: unknown, command: Command) => {
      const { db } = commonOptions.parse(command.optsWithGlobals())
      note(`${backupDatabase(file, db)} is copied to ${file}`)
    })
}
