// node scripts/compileCommands.ts writes compile_commands.json for editors and clang's tools.
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { agentFlags, sourcePaths } from '../device/agent/build.ts'

const root = join(import.meta.dirname, '..')
const device = join(root, 'device')

/** Programs of the device that run beside the agent. What runs in the kernel is compiled by Kbuild alone. */
const others = ['loader/example', 'loader/test', 'module/test']

async function sourcesIn(folder: string): Promise<string[]> {
  const names = await readdir(join(device, folder))
  return names.filter(name => name.endsWith('.c')).map(name => join(device, folder, name))
}

const agent = (await sourcePaths()).filter(path => path.endsWith('.c'))
const files = [...agent, ...(await Promise.all(others.map(sourcesIn))).flat()]
const commands = files.map(file => ({
  directory: root,
  file,
  arguments: ['gcc', ...agentFlags, `-I${join(device, 'module')}`, '-c', file],
}))
await writeFile(join(root, 'compile_commands.json'), `${JSON.stringify(commands, null, 2)}\n`)
console.log(`compile_commands.json: ${commands.length} files`)
