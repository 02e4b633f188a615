import { engineOptionsSchema } from '../contract/engine.ts'
import { hearTalk } from './agent/talk.ts'
import { CommandRunner } from './commandRunner.ts'
import { parentChannel } from './parentChannel.ts'

/** An engine process. Its options are its last argument, as JSON; it lives as long as its channel to the lab. */
const options = engineOptionsSchema.parse(JSON.parse(process.argv.at(-1) ?? ''))
const channel = parentChannel()
const runner = new CommandRunner(options, channel.post)

if (options.verbose === true) hearTalk(talk => channel.post({ type: 'agentTalk', talk }))
channel.onMessage(message => runner.take(message))
channel.onClose(async () => {
  await runner.close()
  process.exit(0)
})
channel.post({ type: 'ready' })
