import type { Command } from 'commander'
import { z } from 'zod'
import type { Calibration } from '../../contract/model.ts'
import { fittedParameters } from '../../contract/profile.ts'
import {
  percentText,
  signedPercentText,
  sizeText,
  threeDigits,
  timeText,
} from '../../findings/words/figureText.ts'
import { callLab } from '../lab/serveCall.ts'
import { parseRunId } from './runIdArgument.ts'
import { formatTable } from './table.ts'
import { print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ name: z.string(), json: z.boolean().optional() })

export function addCalibrateCommand(program: Command): void {
  program
    .command('calibrate')
    .description('fit a profile to a measured run, and say how well it predicts sizes left out')
    .argument('<run>', 'the measured run', parseRunId)
    .requiredOption('--name <profile>', 'name of the new profile')
    .option('--json', 'print JSON')
    .action(async (runId: number, _options: unknown, command: Command) => {
      const given = options.parse(command.optsWithGlobals())
      const calibration = await withLab(given, lab =>
        callLab(lab.handlers, 'profiles', 'calibrate', { runId, name: given.name }),
      )
      print(given.json ? JSON.stringify(calibration, null, 2) : calibrationText(calibration))
    })
}

function calibrationText({ profile, cells, leftOut, warning }: Calibration): string {
  const fitted = fittedParameters(profile).map(id => ({ id, ...profile.parameters[id] }))
  return [
    formatTable(
      [
        { title: 'parameter', align: 'left', text: row => row.id },
        { title: 'fitted', align: 'right', text: row => `${threeDigits(row.value)} ${row.unit}` },
        { title: 'meaning', align: 'left', text: row => row.meaning },
      ],
      fitted,
    ),
    formatTable(
      [
        { title: 'scheme', align: 'left', text: cell => cell.scheme },
        { title: 'size', align: 'right', text: cell => sizeText(cell.bytes) },
        { title: 'measured', align: 'right', text: cell => timeText(cell.measuredNs) },
        { title: 'SIM', align: 'right', text: cell => timeText(cell.simulatedNs) },
        { title: 'error', align: 'right', text: cell => signedPercentText(cell.error) },
      ],
      cells,
    ),
    'Each size predicted by a fit to the other sizes:',
    formatTable(
      [
        { title: 'left out', align: 'right', text: size => sizeText(size.bytes) },
        { title: 'mean error', align: 'right', text: size => percentText(size.meanError) },
        { title: 'worst', align: 'right', text: size => percentText(size.worstError) },
      ],
      leftOut,
    ),
    ...(warning === '' ? [] : [warning]),
    `Kept as profile ${profile.name}; run it with --target sim:${profile.name}.`,
  ].join('\n\n')
}
