import { spawnSync } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { startDevServer } from './dev/devServer.ts'
import { ShellProcess } from './dev/shellProcess.ts'

const root = join(import.meta.dirname, '..')
/** What the shell and its engines are made of; the page's own rooms are reloaded by Vite. */
const shellRooms = ['contract', 'findings', 'model', 'locks', 'engine', 'db', 'main']
const agentSources = join('device', 'agent')
/** An editor writes a file in several steps, and a change of branch many files. */
const settleMs = 200

function build(program: string, ...args: string[]): boolean {
  const done = spawnSync(process.execPath, [join(root, program), ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  return done.status === 0
}

const shell = new ShellProcess(process.argv.slice(2))
let timer: NodeJS.Timeout | undefined
let agentChanged = false

function changed(folder: string, file: string): void {
  if (/\.test\.tsx?$/.test(file)) return
  agentChanged ||= folder === agentSources
  clearTimeout(timer)
  timer = setTimeout(() => void restart(join(folder, file)), settleMs)
}

async function restart(file: string): Promise<void> {
  console.error(`dev: ${file} changed; the shell and its engines start again`)
  if (agentChanged && !build('device/agent/build.ts')) return
  agentChanged = false
  await shell.restart()
}

// The shell wants a built page, though it is not asked for it.
if (!build('node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn')) process.exit(1)
await shell.restart()
const server = await startDevServer(0, () => shell.address)
for (const folder of [...shellRooms, agentSources])
  watch(join(root, folder), { recursive: true }, (_, file) => changed(folder, file ?? ''))
console.log(server.url)
console.error('dev: the page follows its sources; Ctrl-C ends it.')

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, async () => {
    await Promise.all([server.close(), shell.end()])
    process.exit(0)
  })
