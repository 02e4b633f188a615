import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseScenario } from '../../../locks/scenario.ts'
import { type Door, unlessRefused } from './door.ts'

const examples = join(import.meta.dirname, '..', '..', '..', 'locks', 'examples')

/** A scenario of fences and locks that somebody wrote. */
export const scenarios: Door = {
  name: 'scenarios',
  seeds: readdirSync(examples).map(name => readFileSync(join(examples, name), 'utf8')),
  open: () => ({
    feed: async text => {
      await unlessRefused(() => parseScenario(text, 'scenario.json'))
    },
    close: async () => {},
  }),
}
