import { engineOptionsSchema } from '../contract/engine.ts'
import { hearTalk } from './agent/talk.ts'
import { CommandRunner } from './commandRunner.ts'
import { parentChannel } from './parentChannel.ts'

/** What an engine process does, from when this is imported. Its options are its last argument, as JSON; it lives as long as its channel to the lab. */
const options = engineOptionsSchema.parse(JSON.parse(process.argv.at(-1) ?? ''))
const channel = parentChannel()
const end = async () => {
  await runner.close()
  process.exit(0)
}
const runner = new CommandRunner(options, channel.post, () => void end())

// Electron's utility process only warns of one, and the call that waits for it would wait for ever.
process.on('unhandledRejection', reason => {
  throw reason
})
// Ctrl-C in a terminal reaches every process of its group; what it means is the shell's to decide.
process.on('SIGINT', () => {})
if (options.verbose === true) hearTalk(talk => channel.post({ type: 'agentTalk', talk }))
channel.onMessage(message => runner.take(message))
channel.onClose(() => void end())
channel.post({ type: 'ready' })
