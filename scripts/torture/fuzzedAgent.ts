import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { agentFlags, sourcePaths } from '../../device/agent/build.ts'
import { noCounts, type Ordeal } from './ordeal.ts'

const root = join(import.meta.dirname, '..', '..')
const fuzzFolder = join(root, 'device', 'agent', 'test', 'fuzz')
export const agentCasesFolder = join(import.meta.dirname, 'cases', 'agent')
/** Debian's, which has libFuzzer's runtime in a package of its own. */
const compiler = '/usr/bin/clang-14'

/** What is fuzzed, with the texts to begin with. */
export const fuzzTargets = {
  request: [
    '["version"]',
    '["measure","--scheme","memfd-gather-direct","--path","/data/local/tmp/a","--bytes","8388608","--gather","65536"]',
    '["prepare", "--path", "\\u00e4\\ud83d\\ude00\\n", "--bytes", "4096", "--seed", "1"]',
    '["measure","--verify","seed:1","--heap","system","--readers","4","--cold","0","--huge-pages","1"]',
  ],
  lines: ['a path', 'with "quotes" and \\ and \n', '\u00e4\u{1f600}', '\xff\xfe\x01'],
} as const
export type FuzzTarget = keyof typeof fuzzTargets

/** Words of the protocol, so that the search need not find them letter by letter. */
const dictionary = [
  'measure',
  'prepare',
  '--path',
  '--bytes',
  '--scheme',
  '--verify',
  'seed:',
  '\\\\u',
  '\\"',
]

/** The agent's side of the protocol, coverage-guided, under AddressSanitizer and UndefinedBehaviorSanitizer. */
export const fuzzedAgent: Ordeal = {
  name: 'agent',
  share: 1,
  finds: ['crashed'],
  missing: () =>
    existsSync(compiler) ? null : `needs ${compiler}: apt-get install clang-14 libclang-rt-14-dev`,
  run: async ({ deadlineMs, scratch, planted }) => {
    const counts = noCounts()
    const findings: string[] = []
    const targets: FuzzTarget[] = ['request', 'lines']
    const programs: string[] = []
    for (const target of targets) programs.push(await compileFuzzer(target, scratch, planted))
    const secondsEach = Math.max(5, Math.floor((deadlineMs - performance.now()) / 1000 / targets.length))
    targets.forEach((target, place) => {
      const found = fuzz(target, programs[place] ?? '', { scratch, seconds: secondsEach })
      counts.inputs += found.inputs
      counts.crashed += found.crashes.length
      for (const file of found.crashes)
        findings.push(`${target}: ${planted ? 'an input' : keepCase(target, file)}`)
    })
    return { counts, findings }
  },
}

/** What a fuzz target is linked from: what it needs of the agent, without the file that it includes. */
export async function sourcesBeside(target: FuzzTarget): Promise<string[]> {
  const sources = (await sourcePaths()).filter(
    path => path.endsWith('.c') && !path.endsWith('commands/request.c'),
  )
  const writer = /protocol\/(arguments|failure|json)\.c$/
  const needed = target === 'lines' ? sources.filter(path => writer.test(path)) : sources
  return [join(fuzzFolder, `${target}_fuzz.c`), ...needed, '-Dmain=agent_main']
}

async function compileFuzzer(target: FuzzTarget, scratch: string, planted: boolean): Promise<string> {
  const program = join(scratch, `fuzz-${target}`)
  const sanitize = ['-g', '-O1', '-fsanitize=fuzzer,address,undefined', '-fno-sanitize-recover=all']
  const flags = [...agentFlags, '-Wno-error', '-w', ...sanitize, ...(planted ? ['-DPLANTED_FAULT'] : [])]
  execFileSync(compiler, [...flags, ...(await sourcesBeside(target)), '-lm', '-o', program], {
    stdio: ['ignore', 2, 2],
  })
  return program
}

type Search = { readonly scratch: string; readonly seconds: number }

/** Until the time is over or an input ends the program; that input is kept beside. */
function fuzz(target: FuzzTarget, program: string, { scratch, seconds }: Search) {
  const corpus = join(scratch, `corpus-${target}`)
  const found = join(scratch, `found-${target}`)
  for (const folder of [corpus, found]) mkdirSync(folder)
  for (const [place, seed] of fuzzTargets[target].entries())
    writeFileSync(join(corpus, `seed-${place}`), seed, 'latin1')
  const words = join(scratch, `${target}.dict`)
  writeFileSync(words, dictionary.map(word => `"${word}"\n`).join(''))
  const limits = [`-max_total_time=${seconds}`, '-timeout=20', '-rss_limit_mb=2048', '-print_final_stats=1']
  const { stderr } = spawnSync(program, [...limits, `-dict=${words}`, `-artifact_prefix=${found}/`, corpus], {
    encoding: 'latin1',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const inputs = Number(/number_of_executed_units: (\d+)/.exec(stderr)?.[1] ?? 0)
  return { inputs, crashes: readdirSync(found).map(name => join(found, name)) }
}

function keepCase(target: FuzzTarget, file: string): string {
  const folder = join(agentCasesFolder, target)
  mkdirSync(folder, { recursive: true })
  const kept = join(folder, file.slice(file.lastIndexOf('-') + 1).slice(0, 16))
  copyFileSync(file, kept)
  return `kept as ${kept.slice(root.length + 1)}`
}
