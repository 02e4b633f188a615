import { type Command, Option } from 'commander'
import { z } from 'zod'
import { exportFormats, exportRequest } from '../../contract/run.ts'
import { callLab } from '../lab/serveCall.ts'
import { writeOutputFile } from './outputFile.ts'
import { parseScheme } from './planOptions.ts'
import { parseRunId } from './runIdArgument.ts'
import { note, print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ ...exportRequest, output: z.string().optional() })

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('write a run in another format: html is a report in one file, text is for mailing lists')
    .argument('<run>', 'its number', parseRunId)
    .addOption(new Option('--format <format>', 'format').choices(exportFormats).makeOptionMandatory())
    .option(
      '--scheme <id>',
      'the pair of the picture in html and svg (default: the quickest overlapped)',
      parseScheme,
    )
    .option('-o, --output <file>', 'write to this file instead of stdout')
    .action(async (runId: number, _options: unknown, command: Command) => {
      const { format, scheme, output, ...common } = options.parse(command.optsWithGlobals())
      await withLab(common, async lab => {
        const { text } = await callLab(lab.handlers, 'runs', 'export', { runId, format, scheme })
        if (output === undefined) return print(text.trimEnd())
        writeOutputFile(output, text)
        note(`run ${runId} written to ${output}`)
      })
    })
}
