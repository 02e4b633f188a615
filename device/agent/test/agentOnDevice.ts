import { afterAll, beforeAll } from 'vitest'
import type { SchemeId } from '../../../contract/schemes.ts'
import { adbEnvironment, runAdb } from '../../virtual/adbProgram.ts'
import type { TestDevice } from '../../virtual/testing/testDevice.ts'
import type { VirtualDevice } from '../../virtual/virtualDevice.ts'
import { whyNoVirtualDevice } from '../../virtual/whyNoVirtualDevice.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { type AgentCommand, lastLine, optionWords, runAgent, sampleOf } from './agentRun.ts'

const agent = '/data/local/tmp/dmabuf-lab-agent'
const path = '/data/local/tmp/content.bin'
const seed = 9
export const udmabufLimit = '/sys/module/udmabuf/parameters/size_limit_mb'

/** Why the agent cannot be tried on the virtual device; `null` where it can. */
export function whyNoAgentDevice(): string | null {
  const wrongArch = hostAgentArch() === 'x86_64' ? null : 'the virtual device is an x86_64 machine'
  return whyNoVirtualDevice() ?? wrongArch
}

const agentArchOf = { amd64: 'x86_64', arm64: 'aarch64' } as const

type Options = Readonly<Record<string, string | number>>

/** A device for the tests of one block, with the agent and a generated file of `fileBytes` on it. */
export function agentOnDevice(testDevice: TestDevice, fileBytes: number, bootTimeoutMs = 300_000) {
  let device: VirtualDevice
  let command: AgentCommand

  beforeAll(async () => {
    device = await testDevice.start()
    const binary = await buildAgent({ arch: agentArchOf[device.state.arch] })
    await adb('push', binary, agent)
    const prefix = [device.adb.program, '-s', device.serial, 'shell']
    command = { binary: agent, prefix, env: adbEnvironment(device.adb) }
    await run('prepare', { path, bytes: fileBytes, seed })
  }, bootTimeoutMs)

  afterAll(async () => {
    if (command !== undefined) await shell(`rm -f ${agent} ${path}`)
    await testDevice.end()
  })

  const adb = (...words: string[]) => runAdb(device.adb, ['-s', device.serial, ...words])
  const ask = (words: readonly string[]) => runAgent(command, words)
  const run = (verb: string, words: Options) => ask([verb, ...optionWords(words)])
  const measure = async (scheme: SchemeId, bytes: number, more: Options = {}) => {
    const words = { scheme, path, bytes, readers: 2, verify: `seed:${seed}`, ...more }
    return sampleOf(await run('measure', words)).sample
  }
  const probe = async () => lastLine(await run('probe', { dir: '/data/local/tmp' }))
  const ceiling = async () => lastLine(await run('ceiling', { path, bytes: fileBytes }))
  const shell = async (line: string) => (await adb('shell', line)).stdout.toString().trim()
  /** Buffers that are alive, by the kernel's own count. */
  const liveDmabufs = async () => {
    const info = await shell('cat /sys/kernel/debug/dma_buf/bufinfo')
    return Number(/Total (\d+) objects/.exec(info)?.[1])
  }
  /** For the tests of the block: to pass the limit of 64 MiB that there is by default takes long under emulation. */
  const limitUdmabuf = (mib: number) => {
    let before: string
    beforeAll(async () => {
      before = await shell(`cat ${udmabufLimit}`)
      await shell(`echo ${mib} >${udmabufLimit}`)
    })
    afterAll(() => shell(`echo ${before} >${udmabufLimit}`))
  }
  return { measure, probe, ceiling, shell, liveDmabufs, limitUdmabuf, ask }
}
