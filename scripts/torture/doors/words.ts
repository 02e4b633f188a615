import { Command, CommanderError } from 'commander'
import { addPlanOptions, planFrom } from '../../../main/cli/planOptions.ts'
import { type Door, unlessRefused } from './door.ts'

/** The terminal's words, one a line, as `lab run` reads them into a plan. */
export const words: Door = {
  name: 'words',
  seeds: [
    '--target\nlocal\n--schemes\nmemfd-direct,memfd-buffered\n--sizes\n8MiB,1GiB\n--repeats\n5',
    '--target\nsim:ufs4-phone-2024\n--schemes\nall\n--sizes\n512KiB\n--gather\n64KiB\n--readers\n4',
    '--target\nadb:127.0.0.1:5555\n--file\n/data/a b\n--dir\n/data/local/tmp\n--pressure\n1GiB\n--heap\nsystem',
    '--cool\n41.5\n--huge-pages\n--no-verify\n--no-ceiling\n--seed\n7\n--warmups\n0\n--sizes\n1MiB',
  ],
  open: () => ({
    feed: async text => {
      const command = addPlanOptions(new Command('run'))
        .exitOverride()
        .configureOutput({ writeOut: () => {}, writeErr: () => {} })
      await unlessRefused(() => {
        try {
          command.parse(text.split('\n'), { from: 'user' })
        } catch (thrown) {
          // Commander has said what is wrong.
          if (thrown instanceof CommanderError) return
          throw thrown
        }
        planFrom(command.opts())
      })
    },
    close: async () => {},
  }),
}
