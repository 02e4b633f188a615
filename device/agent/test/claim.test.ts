import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { beforeAll, describe, expect, test } from 'vitest'
import { errorLineSchema } from '../../../engine/agent/lines.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { type AgentProcess, startAgent } from './agentRun.ts'

describe.each([
  ['the agent', false],
  ['its sanitizer build', true],
])('%s, asked to claim the machine', (_, sanitize) => {
  let binary: string

  beforeAll(async () => {
    binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64', sanitize })
  })

  const firstLine = async (agent: AgentProcess): Promise<unknown> => {
    const [line] = await once(createInterface(agent.stdout), 'line')
    return JSON.parse(String(line))
  }

  /** Another lab may measure on this machine just now. */
  async function claim(): Promise<AgentProcess> {
    for (;;) {
      const agent = startAgent({ binary }, ['claim'])
      const closed = once(agent, 'close')
      if (Object(await firstLine(agent)).type === 'claimed') return agent
      await closed
    }
  }

  test('keeps it until its stdin closes, and tells every other one which process has it', {
    timeout: 120_000,
  }, async () => {
    const holder = await claim()
    // More than a backlog of connections: each of them has its answer.
    for (let asked = 0; asked < 12; asked++) {
      const rival = startAgent({ binary }, ['claim'])
      const [line, [code]] = await Promise.all([firstLine(rival), once(rival, 'close')])
      const { kind, message } = errorLineSchema.parse(line)
      expect([code, kind]).toEqual([3, 'busy'])
      expect(message).toBe(`another lab measures on this machine, through process ${holder.pid}`)
    }
    const closed = once(holder, 'close')
    holder.stdin.end()
    await closed
    const next = await claim()
    next.kill('SIGKILL')
  })

  test('is not led aside by a variable of no test above it, and says so', async () => {
    const sibling = startAgent({ binary }, ['claim'])
    const leftOver = ['none', `${sibling.pid}`, `${process.pid}, or so`, '1', '-1', '999999999']
    const agents = leftOver.map(value =>
      startAgent({ binary, env: { DMABUF_LAB_TEST_CLAIM: value } }, ['claim']),
    )
    // Both streams at once: what nobody reads is gone with the agent.
    const answers = await Promise.all(
      agents.map(agent => Promise.all([once(agent.stderr, 'data'), firstLine(agent)])),
    )
    for (const agent of [...agents, sibling]) agent.kill('SIGKILL')
    for (const [said] of answers) expect(String(said)).toContain('is left aside')
    // All asked for the one claim of this machine: one of them has it, or another lab.
    const refused = answers.filter(([, line]) => Object(line).kind === 'busy')
    expect(refused.length).toBeGreaterThanOrEqual(leftOver.length - 1)
  })

  test('lets go of it when it is killed', async () => {
    const holder = await claim()
    const killed = once(holder, 'close')
    holder.kill('SIGKILL')
    await killed
    const next = await claim()
    next.stdin.end()
    await once(next, 'close')
  })
})
