import { channel } from 'node:diagnostics_channel'
import { type AgentTalk, agentTalkSchema } from '../../contract/engine.ts'

/** One engine process serves one target, so what its agents say goes one way and is not handed from call to call. */
const talkChannel = channel('dmabuf-lab:agent-talk')

export function tellTalk(talk: AgentTalk): void {
  if (talkChannel.hasSubscribers) talkChannel.publish(talk)
}

/** Hears everything that passes between this process and its agents from now on. */
export function hearTalk(listener: (talk: AgentTalk) => void): void {
  talkChannel.subscribe(message => listener(agentTalkSchema.parse(message)))
}
