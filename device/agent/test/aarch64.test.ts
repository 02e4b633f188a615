import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { schemesOfFamily } from '../../../contract/schemes.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { lastLine, optionWords, runAgent, sampleOf } from './agentRun.ts'
import { makeTestFolder, noDirectReads, removeTestFolder } from './testFolder.ts'

const emulator = 'qemu-aarch64-static'
const compiler = 'aarch64-linux-gnu-gcc'
const native = hostAgentArch() === 'aarch64'
const sizes = [1, 4097, 1024 * 1024 + 513]
const largestBytes = 1024 * 1024 + 513
const folder = makeTestFolder()

/**
 * What posix_spawn() starts is a fork of QEMU's user mode (7.2), which now and then waits for ever for a lock that
 * another of its threads had. The agent's own process ends all the same.
 */
const lingerMs = 30_000

afterAll(() => {
  spawnSync('pkill', ['-KILL', '-f', folder])
  removeTestFolder(folder)
})

const isInstalled = (program: string) => spawnSync(program, ['--version']).status === 0
const missing = native ? [] : [emulator, compiler].filter(program => !isInstalled(program))
const reason = missing.length === 0 ? '' : ` (skipped: ${missing.join(' and ')} not installed)`

test.skipIf(missing.length > 0)(
  `the aarch64 agent loads and verifies with every memfd scheme${reason}`,
  async () => {
    const binary = await buildAgent({ arch: 'aarch64' })
    const command = { binary, prefix: native ? [] : [emulator], lingerMs }
    const path = join(folder, 'content.bin')
    expect(lastLine(await runAgent(command, ['version']))).toMatchObject({ arch: 'aarch64', protocol: 3 })
    await runAgent(command, ['prepare', ...optionWords({ path, bytes: largestBytes, seed: 5 })])
    for (const scheme of schemesOfFamily('memfd')) {
      if (scheme.ioMode === 'direct' && noDirectReads !== null) continue
      for (const bytes of sizes) {
        const options = { scheme: scheme.id, path, bytes, gather: 256 * 1024, readers: 2, verify: 'seed:5' }
        const run = await runAgent(command, ['measure', ...optionWords(options)])
        // Not every kernel reads so, and user-mode emulation may not pass it on: then its errno is told.
        if (scheme.fill === 'dontcache' && sampleOf(run).sample.status === 'unsupported') {
          expect(sampleOf(run).sample.reason).toMatch(/^E[A-Z]+: /)
          continue
        }
        expect(sampleOf(run).sample).toMatchObject({ status: 'ok', verified: true, bytes })
      }
    }
    expect(lastLine(await runAgent(command, ['probe', '--dir', folder])).type).toBe('probe')
    const ceiling = await runAgent(command, ['ceiling', ...optionWords({ path, bytes: largestBytes })])
    // User-mode emulation has no native asynchronous I/O: the agent falls back to threads.
    expect(lastLine(ceiling)).toMatchObject({ type: 'ceiling', ...(native ? {} : { method: 'threads' }) })
  },
)
