import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { findProgram } from '../../virtual/findProgram.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { type AgentCommand, lastLine, optionWords, runAgent, sampleOf, startAgent } from './agentRun.ts'
import { makeTestFolder, noDirectReads, removeTestFolder } from './testFolder.ts'

const bytes = 32 * 1024 * 1024
const folder = makeTestFolder()
const path = join(folder, 'content')
const binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64' })
const agent: AgentCommand = { binary }

afterAll(() => removeTestFolder(folder))

const load = { scheme: 'memfd-direct', path, bytes, verify: 'seed:1' }

describe.skipIf(noDirectReads !== null)(
  `processors of a load${noDirectReads === null ? '' : ` (skipped: ${noDirectReads})`}`,
  () => {
    beforeAll(async () => {
      await runAgent(agent, ['prepare', ...optionWords({ path, bytes, seed: 1 })])
    })

    test('a load is bound to those asked for, and counts no others', async () => {
      const probe = lastLine(await runAgent(agent, ['probe', '--dir', folder]))
      const { usable } = usableSchema.parse(probe).processors
      const first = /^\d+/.exec(usable)?.[0] ?? ''
      const words = optionWords({ ...load, scheme: 'memfd-list-direct', cpus: first })
      const { sample } = sampleOf(await runAgent(agent, ['measure', ...words]))
      expect(sample).toMatchObject({ status: 'ok', verified: true })
      expect(sample.figures.populators).toBe(1)
    })

    test.each(['1023', '0,1023', 'a', '0-'])('processors %s are refused in words', async cpus => {
      const run = await runAgent(agent, ['measure', ...optionWords({ ...load, cpus })])
      expect(lastLine(run)).toMatchObject({ type: 'error', kind: 'bad-input', errno: 'EINVAL' })
    })
  },
)

const noNamespace =
  process.getuid?.() === 0 && findProgram('unshare') ? noDirectReads : 'needs root and unshare'

/** In a mount namespace whose cpufreq is ours: the machines that this runs on have none. */
describe.skipIf(noNamespace !== null)(
  `the cap of the clock${noNamespace === null ? '' : ` (skipped: ${noNamespace})`}`,
  () => {
    const cpu = join(folder, 'cpu')
    const policy = join(cpu, 'cpufreq', 'policy0')
    const cap = join(policy, 'scaling_max_freq')
    const mounted = `mount --bind ${cpu} /sys/devices/system/cpu && exec "$@"`
    const prefix = ['unshare', '-m', 'sh', '-c', mounted, 'sh']

    beforeAll(async () => {
      mkdirSync(policy, { recursive: true })
      const values = { affected_cpus: '0 1', cpuinfo_min_freq: 1_000_000, cpuinfo_max_freq: 1_800_000 }
      for (const [name, value] of Object.entries(values)) writeFileSync(join(policy, name), `${value}\n`)
      writeFileSync(cap, '1800000\n')
      await runAgent(agent, ['prepare', ...optionWords({ path, bytes, seed: 1 })])
    })

    const capNow = () => readFileSync(cap, 'utf8').trim()
    const measure = async (clock: number) =>
      sampleOf(await runAgent({ binary, prefix }, ['measure', ...optionWords({ ...load, clock })])).sample

    test('is told, lent to the load and put back', async () => {
      const probe = lastLine(await runAgent({ binary, prefix }, ['probe', '--dir', folder]))
      expect(probe.processors).toMatchObject({
        clocks: [{ processors: '0-1', leastKhz: 1_000_000, mostKhz: 1_800_000, capKhz: 1_800_000 }],
        canCapClock: true,
      })
      expect(await measure(1_200_000)).toMatchObject({ status: 'ok', verified: true })
      expect(capNow()).toBe('1800000')
    })

    test('is refused below what the clock does', async () => {
      const sample = await measure(100_000)
      expect(sample).toMatchObject({ status: 'unsupported', errno: 'EINVAL' })
      expect(sample.reason).toContain('goes down to 1000000 kHz')
    })

    test.each(['SIGTERM', 'SIGKILL'] as const)('is put back when the agent gets %s', async signal => {
      const words = optionWords({ ...load, clock: 1_300_000 })
      let lent = false
      // A load that ended before anybody looked is done again.
      while (!lent) {
        const child = startAgent({ binary, prefix }, ['measure', ...words])
        const ended = once(child, 'exit')
        while (!lent && child.exitCode === null && child.signalCode === null) {
          lent = capNow() === '1300000'
          await setImmediate()
        }
        child.kill(signal)
        await ended
      }
      await expect.poll(capNow).toBe('1800000')
    })
  },
)

const usableSchema = z.looseObject({ processors: z.looseObject({ usable: z.string() }) })
