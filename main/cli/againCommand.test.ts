import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { newPlanSchema, type PlanInput } from '../../contract/plan.ts'
import { MiB } from '../../contract/size.ts'
import { againCommand } from '../../findings/words/commandText.ts'
import { addPlanOptions, planFrom } from './planOptions.ts'

const plain = {
  target: 'local',
  schemes: ['memfd-direct', 'memfd-gather-direct'],
  sizesBytes: [8 * MiB],
} as const

/** What a POSIX shell makes of the words of a line. */
function wordsOf(line: string): string[] {
  const words = line.match(/('[^']*'|\\'|[^\s'])+/g) ?? []
  return words.map(word => word.replaceAll(/'([^']*)'|\\(')/g, '$1$2'))
}

function planOf(command: string) {
  const program = addPlanOptions(new Command('run')).exitOverride()
  program.parse(wordsOf(command).slice('npm run lab -- run'.split(' ').length), { from: 'user' })
  return planFrom(program.opts())
}

describe('the command that a report has measures the same plan', () => {
  const plans: Record<string, Partial<PlanInput>> = {
    'of nothing but defaults': {},
    'of several sizes': { sizesBytes: [8 * MiB, 1234567 * 8, 512 * 1024], gatherBytes: MiB },
    'with every option': {
      ...{ repeats: 7, warmups: 0, readers: 3, seed: 99, verify: false, ceiling: false, hugePages: true },
      ...{ heap: 'system-uncached', pressureBytes: 64 * MiB, coolBelowMilliCelsius: 42_500 },
      ...{ gatherBytes: 2 * MiB, directory: '/data/local/tmp' },
    },
    'of a whole file of the user': { sizesBytes: [], file: "/data/it's a model; rm -rf $HOME" },
    'with a question of its own': {
      question: { candidate: 'memfd-direct', baseline: 'memfd-gather-direct', bytes: 8 * MiB },
    },
    'with huge pages of one size': { hugePages: true, hugePageSize: '64KiB' },
    'with pages of the pool': { hugePages: true, hugePageSize: 'hugetlb' },
    'on processors with a clock of their own': { processors: '0-3,6', clockKhz: 1_804_500 },
    'on a device': { target: 'adb:127.0.0.1:5637' },
  }
  for (const [name, changes] of Object.entries(plans)) {
    test(name, () => {
      const plan = newPlanSchema.parse({ ...plain, ...changes })
      expect(planOf(againCommand(plan).command)).toEqual(plan)
    })
  }
})

test('what the command cannot say is said beside it', () => {
  const plan = newPlanSchema.parse({ ...plain, sizesBytes: [8 * MiB, 16 * MiB] })
  expect(againCommand(plan).note).toBe('The same plan in the same order.')
  expect(againCommand({ ...plan, repeats: 15, extensions: [5] }).note).toContain(
    'none is added after looking',
  )
  const question = { candidate: 'memfd-gather-direct', baseline: 'memfd-direct', bytes: 8 * MiB } as const
  expect(againCommand({ ...plan, question }).note).toContain('this run asked at another')
})
