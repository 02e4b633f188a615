import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { agentFlags } from '../../device/agent/build.ts'
import { allDoors } from './doors/allDoors.ts'
import type { OpenDoor } from './doors/door.ts'
import { agentCasesFolder, type FuzzTarget, fuzzTargets, sourcesBeside } from './fuzzedAgent.ts'
import { faultOf, keptCases } from './fuzzedDoors.ts'

const scratch = mkdtempSync(join(tmpdir(), 'dmabuf-lab-cases-'))
afterAll(() => rmSync(scratch, { recursive: true }))

test.each(allDoors)('the door $name deals with its seeds, and with what once made it fail', async door => {
  const open = door.open(mkdtempSync(join(scratch, 'door-')))
  for (const text of [...door.seeds, ...keptCases(door.name)])
    expect(await faultOf(open, text), text).toBeNull()
  await open.close()
})

test('a fault of a door is told', async () => {
  const open: OpenDoor = { feed: () => Promise.reject(new TypeError('planted')), close: async () => {} }
  expect(await faultOf(open, '')).toBe('TypeError: planted')
})

const noCompiler = existsSync('/usr/bin/gcc') ? null : 'needs gcc'
const targets: FuzzTarget[] = ['request', 'lines']

/** The files of a target: its seeds, and inputs that once ended the agent. */
function inputsOf(target: FuzzTarget): string[] {
  const seeds = fuzzTargets[target].map((seed, place) => {
    const file = join(scratch, `${target}-seed-${place}`)
    writeFileSync(file, seed, 'latin1')
    return file
  })
  const folder = join(agentCasesFolder, target)
  const kept = existsSync(folder) ? readdirSync(folder).map(name => join(folder, name)) : []
  return [...seeds, ...kept]
}

/** Built as the fuzzer is, without libFuzzer, and without the optimizing that only a long search is worth. */
async function replayer(target: FuzzTarget): Promise<string> {
  const program = join(scratch, `replay-${target}`)
  const sanitize = ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']
  const replay = join(import.meta.dirname, '..', '..', 'device', 'agent', 'test', 'fuzz', 'replay.c')
  const words = [...agentFlags, ...sanitize, replay, ...(await sourcesBeside(target)), '-lm', '-o', program]
  execFileSync('gcc', words, { stdio: ['ignore', 'ignore', 'pipe'] })
  return program
}

test.skipIf(noCompiler !== null).each(targets)(
  `the agent deals with the kept inputs of %s${noCompiler === null ? '' : ` (skipped: ${noCompiler})`}`,
  async target => {
    execFileSync(await replayer(target), inputsOf(target), { stdio: ['ignore', 'ignore', 'pipe'] })
  },
)
