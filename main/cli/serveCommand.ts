import { join } from 'node:path'
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { startHosted } from '../hosted/startHosted.ts'
import { callLab } from '../lab/serveCall.ts'
import { interruptible } from './interrupt.ts'
import { openBrowser } from './openBrowser.ts'
import { note, print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'
import { terminalPlace } from './terminalPlace.ts'

const options = commonOptions.extend({ port: z.number(), open: z.boolean() })

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('open the lab in a browser on this machine')
    .option('--port <number>', 'port on loopback; 0 for any that is free', parsePort, 0)
    .option('--no-open', 'do not open a browser')
    .action(async (_options: unknown, command: Command) => {
      await serve(options.parse(command.optsWithGlobals()))
    })
}

/** Serves until it is interrupted; that is its proper end. */
async function serve({ port, open, ...common }: z.infer<typeof options>): Promise<void> {
  const interrupted = Promise.withResolvers<void>()
  await interruptible(interrupted.resolve, () =>
    withLab(
      common,
      async lab => {
        const hosted = await startHosted({
          lab,
          port,
          rendererDirectory: join(terminalPlace().productDirectory, 'out', 'renderer'),
          preloadFile: join(terminalPlace().productDirectory, 'out', 'preload', 'hosted.cjs'),
        })
        print(hosted.url)
        note('Ctrl-C ends the lab; what was measured is kept.')
        const { dataDirectory } = await callLab(lab.handlers, 'shell', 'info', {})
        const forget = open ? openBrowser(hosted.url, dataDirectory) : () => {}
        await interrupted.promise
        forget()
        await hosted.close()
      },
      'hosted',
    ),
  )
}

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (port >= 0 && port <= 65535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}
