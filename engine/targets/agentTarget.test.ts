import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { MiB } from '../../contract/size.ts'
import { Agent } from '../agent/agent.ts'
import { startChild } from '../agent/childTransport.ts'
import { agentTarget } from './agentTarget.ts'

/** A target whose agent answers the first request by this shell script. */
function targetThat(script: string) {
  const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-target-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const program = join(folder, 'agent')
  writeFileSync(program, `#!/bin/sh\nread -r request\n${script}\n`)
  chmodSync(program, 0o755)
  return agentTarget({
    id: 'local',
    title: () => 'scripted',
    agent: new Agent(() => startChild(program, ['serve'])),
    directory: folder,
    holdsPushed: false,
    agentDirectory: null,
    bringFile: async path => path,
    machineId: async () => null,
    fileIdentity: async () => null,
    dispose: async () => {},
  })
}

const load = {
  scheme: 'memfd-direct',
  file: { path: '/nowhere', bytes: MiB, content: { from: 'file' } },
  bytes: MiB,
  gatherBytes: MiB,
  readers: 1,
  heap: 'system',
  verify: false,
  hugePages: false,
  repeat: 0,
  warmup: false,
  seed: 1,
} as const

test('an agent that floods a load with spans is stopped', async () => {
  const span = {
    v: 3,
    type: 'span',
    lane: 'caller',
    phase: 'read',
    startNs: 1,
    endNs: 2,
    bytes: 1,
    gather: null,
  }
  const target = targetThat(`while echo '${JSON.stringify(span)}'; do :; done`)
  await expect(target.measure(load, new AbortController().signal)).rejects.toMatchObject({
    kind: 'agent-protocol',
    message: 'the agent wrote more than 264 spans for one load',
  })
  await target.dispose()
})
