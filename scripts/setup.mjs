// What must be there before anything else can run. Starts on any Node from 20 with no node_modules.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stampFile = join(root, 'node_modules', '.dmabuf-lab-stamp')
const pinnedMajor = 24

/** Installs exactly what the lockfile names, once per lockfile and platform. */
export function ensureModules() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const stamp = createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  console.error('dmabuf-lab: installing the locked npm packages (npm ci)')
  // npm's own warnings about the starting Node's version are noise: everything runs on the pinned one.
  const done = spawnNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (done.status !== 0)
    stop('npm ci failed', 'See its message above; the npm registry must be reachable once.')
  writeFileSync(stampFile, stamp)
}

/** npm is a script: on Windows only npm's own file, or a shell, starts it. */
function spawnNpm(args) {
  const npm = process.env.npm_execpath
  const options = { cwd: root, stdio: ['ignore', 2, 2] }
  if (npm !== undefined && /\.c?js$/.test(npm)) return spawnSync(process.execPath, [npm, ...args], options)
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
}

/** The pinned Node from the lockfile, or the running one where the registry has none for this platform. */
export function pinnedNode() {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(pinned)) return pinned
  if (Number(process.versions.node.split('.')[0]) >= pinnedMajor) return process.execPath
  return stop(
    `no Node ${pinnedMajor} for ${process.platform}-${process.arch}`,
    `Install Node ${pinnedMajor} or newer and run the command again.`,
  )
}

/** PATH with the pinned Node and the locked tools first, so that every child uses them. */
export function pinnedEnvironment() {
  // Windows may spell it Path, and two spellings in one environment are one too many.
  const name = Object.keys(process.env).find(key => key.toUpperCase() === 'PATH') ?? 'PATH'
  const path = [dirname(pinnedNode()), join(root, 'node_modules', '.bin'), process.env[name]].join(delimiter)
  // Compiled once, the terminal starts in half the time.
  const NODE_COMPILE_CACHE =
    process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'compiled')
  return { ...process.env, [name]: path, NODE_COMPILE_CACHE }
}

/** Runs a script on the pinned Node to its end; a failure ends this process, too. */
export function runPinned(script, args) {
  const done = spawnSync(pinnedNode(), [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: pinnedEnvironment(),
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

/** Runs a script on the pinned Node, passes signals on, and ends with its exit code. */
export function becomePinned(script, args) {
  const child = spawn(pinnedNode(), [join(root, script), ...args], {
    stdio: 'inherit',
    env: pinnedEnvironment(),
  })
  // A terminal sends Ctrl-C to the whole group; the child decides what it means, and we wait for it.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  child.on('error', error => stop(error.message, 'Run npm ci and try again.'))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}

export function stop(message, hint) {
  console.error(`dmabuf-lab: ${message}. ${hint}`)
  process.exit(3)
}
