import type { AgentTalk, EngineEvent } from '../../contract/engine.ts'
import type { EngineProcess } from './engineProcess.ts'
import type { About, LabLog } from './log/labLog.ts'

/** Notes down how an engine process begins and ends, and what passes between it and its agents. */
export function logEngine(engine: EngineProcess, log: LabLog, what: () => About): EngineProcess {
  const note = (text: string) =>
    log.note(text, { ...what(), ...(engine.pid === undefined ? {} : { engine: engine.pid }) })
  engine.onEvent(event => {
    const text = failureOf(event) ?? (log.isVerbose ? detailOf(event) : null)
    if (text !== null) note(text)
  })
  engine.onExit(exit => {
    if (exit.type === 'exited') note('engine ended')
    else note(`engine crashed: ${exit.reason}${exit.said === '' ? '' : `\nit said: ${exit.said}`}`)
  })
  return engine
}

function failureOf(event: EngineEvent): string | null {
  if (event.type !== 'sample' || event.sample.status !== 'failed') return null
  const { scheme, bytes, repeat, reason } = event.sample
  return `sample failed: ${scheme}, ${bytes} bytes, repeat ${repeat + 1}: ${reason}`
}

function detailOf(event: EngineEvent): string | null {
  if (event.type === 'ready') return 'engine started'
  if (event.type === 'agentTalk') return talkText(event.talk)
  return event.type === 'progress' || event.type === 'sample' || event.type === 'targets'
    ? null
    : `engine says ${event.type}`
}

const talkWords = { started: 'started', ended: 'ended', to: '<', from: '>', stderr: 'stderr' } as const

function talkText({ agent, what, text }: AgentTalk): string {
  return `agent ${agent} ${talkWords[what]} ${text}`.trimEnd()
}
