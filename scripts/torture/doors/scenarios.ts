import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from '../../../locks/judge.ts'
import { judgedText } from '../../../locks/judgedText.ts'
import { parseScenario } from '../../../locks/scenario.ts'
import { type Door, unlessRefused } from './door.ts'

const examples = join(import.meta.dirname, '..', '..', '..', 'locks', 'examples')

/** A scenario of fences and locks that somebody wrote, and what is said of it. */
export const scenarios: Door = {
  name: 'scenarios',
  seeds: readdirSync(examples).map(name => readFileSync(join(examples, name), 'utf8')),
  open: () => ({
    feed: async text => {
      await unlessRefused(() => {
        const scenario = parseScenario(text, 'scenario.json')
        judgedText(scenario, judge(scenario))
      })
    },
    close: async () => {},
  }),
}
