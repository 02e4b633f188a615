/** One command of the suite. */
export type Step = {
  readonly name: string
  /** Of node_modules/.bin, or `node`. */
  readonly command: string
  readonly args: readonly string[]
  /** Whether it leaves a tally of tests; any other step counts only when it fails. */
  readonly counts: boolean
  /** Beside the suite's own. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Steps that follow each other. */
export type Lane = readonly Step[]

/** Its lanes run at the same time; one that has ended takes the next of what is open. */
export type Stage = { readonly lanes: readonly Lane[]; readonly open: Lane }

const check = (name: string, command: string, ...args: string[]): Step => ({
  name,
  command,
  args,
  counts: false,
})

const vitest = (name: string, project: string, ...more: string[]): Step => ({
  name,
  command: 'vitest',
  args: ['run', '--project', project, ...more, '--reporter=default', '--reporter=./scripts/vitestTally.ts'],
  counts: true,
  // What these throw away is young: with room for it they take a twelfth less processor time.
  environment: { NODE_OPTIONS: '--max-semi-space-size=128' },
})

// Once per kind of room, so that the page's globals do not exist in the engine, nor Node's in the page. Several checkers
// look at what they share several times, and tsc ends before its garbage matters: so it takes half the processor time.
const types = ['pure', 'page', 'node', 'all'].map(kind => ({
  ...check(
    `types, ${kind}`,
    'tsc',
    '--singleThreaded',
    '-p',
    kind === 'all' ? 'tsconfig.json' : `tsconfig.${kind}.json`,
  ),
  environment: { GOGC: 'off' },
}))

const whole: Step = {
  name: 'whole application',
  command: 'playwright',
  args: ['test', '--reporter=list,./scripts/playwrightTally.ts'],
  counts: true,
}

/**
 * Nothing here is timed, so that what does not wait for each other runs at the same time. The virtual devices and the
 * whole application have lanes of their own: their tests wait more than they work. Which lane ends first depends on
 * what the machine has of the virtual device already, so that devices of their own go to the first.
 */
export const stages: readonly Stage[] = [
  {
    lanes: [
      [
        check('lint', 'biome', 'ci', '--reporter=summary', '.'),
        check('lint, C style', 'node', 'scripts/cStyle.mjs'),
        check('lint, dead code', 'knip', '--no-progress', '--no-config-hints'),
        check('lint, commit subjects', 'node', 'scripts/commitSubjects.ts'),
        check('build', 'electron-vite', 'build', '--logLevel', 'warn'),
      ],
      types,
    ],
    open: [],
  },
  {
    lanes: [
      [vitest('unit', 'unit'), vitest('processes', 'processes')],
      [whole],
      [vitest('device', 'device')],
    ],
    open: [1, 2, 3].map(part => vitest(`device, own ${part}`, 'own devices', `--shard=${part}/3`)),
  },
]

const shorthands: Readonly<Record<string, readonly string[]>> = { quick: ['lint', 'types', 'unit'] }

export const stepWords: readonly string[] = [
  ...Object.keys(shorthands),
  ...new Set(
    stages
      .flatMap(({ lanes, open }) => [...lanes.flat(), ...open])
      .map(({ name }) => name.split(/[, ]/)[0] ?? name),
  ),
]

/** What `npm test -- WORD …` runs; everything without a word. */
export function chosenStages(words: readonly string[]): Stage[] {
  const names = words.flatMap(word => shorthands[word] ?? [word])
  const isChosen = ({ name }: Step) => names.length === 0 || names.some(word => name.startsWith(word))
  return stages
    .map(({ lanes, open }) => ({
      lanes: lanes.map(lane => lane.filter(isChosen)).filter(lane => lane.length > 0),
      open: open.filter(isChosen),
    }))
    .filter(({ lanes }) => lanes.length > 0)
}
