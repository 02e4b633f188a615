import { exampleSample } from '../../../db/fixtures/exampleRun.ts'
import { versionCommand } from '../../../engine/agent/commands.ts'
import { protocolVersion } from '../../../engine/agent/lines.ts'
import { AgentSession } from '../../../engine/agent/session.ts'
import type { AgentTransport } from '../../../engine/agent/transport.ts'
import { type Door, unlessRefused } from './door.ts'

const line = (type: string, more: object) => `${JSON.stringify({ v: protocolVersion, type, ...more })}\n`
const version = line('version', { agent: '0.1.0', protocol: protocolVersion, arch: 'x86_64' })
const exit = line('exit', { code: 0, signal: null })

/** What an agent writes: cut into chunks where it holds a form feed, read by the lab's own session. */
export const agentLines: Door = {
  name: 'agent-lines',
  seeds: [
    `${version}${exit}`,
    `${line('progress', { doneBytes: 1, totalBytes: 2 })}${version}${exit}`,
    `${line('error', { kind: 'bad-file', message: 'no such file', hint: 'Look again.' })}${line('exit', { code: 3, signal: null })}`,
    line('span', { lane: 'main', phase: 'read', startNs: 0, endNs: 10, bytes: 4096, gather: null }),
    line('sample', exampleSample()),
    line('exit', { code: null, signal: 'SIGKILL' }),
  ],
  open: () => ({
    feed: async text => {
      const session = new AgentSession(transportOf(text))
      await unlessRefused(async () => {
        await session.begin(versionCommand(), { signal: new AbortController().signal })
        await session.finish()
      })
      await session.stop()
    },
    close: async () => {},
  }),
}

function transportOf(text: string): AgentTransport {
  return {
    stdout: chunksOf(text),
    stderr: chunksOf(''),
    exit: Promise.resolve({ code: 0, signal: null }),
    write: () => {},
    closeStdin: () => {},
    kill: () => {},
  }
}

/** Bytes above 127 are themselves, so that broken UTF-8 is tried as well. */
async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  for (const chunk of text.split('\f')) yield Buffer.from(chunk, 'latin1')
}
