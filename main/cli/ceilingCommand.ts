import type { Command } from 'commander'
import { z } from 'zod'
import { formatSize } from '../../contract/size.ts'
import type { Ceiling } from '../../contract/target.ts'
import { rateText, timeText } from '../../engine/stats/figureText.ts'
import { callLab } from '../lab/serveCall.ts'
import { print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ json: z.boolean().optional(), dir: z.string().optional() })

export function addCeilingCommand(program: Command): void {
  program
    .command('ceiling')
    .description("measure a target's best sequential direct read")
    .argument('[target]', 'local, sim:<profile> or adb:<serial>', 'local')
    .option('--dir <path>', 'folder on the target for generated files')
    .option('--json', 'print JSON')
    .action(async (target: string, _options: unknown, command: Command) => {
      const given = options.parse(command.optsWithGlobals())
      const place = { target, directory: given.dir ?? null }
      const ceiling = await withLab(given, lab => callLab(lab.handlers, 'measureCeiling', place))
      print(given.json ? JSON.stringify(ceiling, null, 2) : ceilingText(ceiling))
    })
}

function ceilingText({ bytesPerSecond, bytes, ns, blockBytes, depth, method, simulated }: Ceiling): string {
  const how = `${formatSize(bytes)} in ${timeText(ns)}, ${formatSize(blockBytes)} blocks, depth ${depth}, ${method}`
  return `${rateText(bytesPerSecond)} (${how})${simulated ? ', simulated' : ''}`
}
