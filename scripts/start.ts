import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const electronFolder = join(root, 'node_modules', 'electron')
const downloadLimitMs = 10 * 60_000

function build(): void {
  const bundler = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const args = [bundler, 'build', '--logLevel', 'warn']
  const built = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (built.status !== 0) process.exit(1)
}

/** Why the desktop shell cannot open here, in a few words; empty when it can. */
function whyNoDesktop(): string {
  const headless = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY
  if (headless) return 'there is no display'
  if (process.getuid?.() === 0) return 'Electron keeps its sandbox and refuses to run as root'
  return electronPath() === null && !downloadElectron() ? "Electron's runtime cannot be downloaded here" : ''
}

function electronPath(): string | null {
  const pathFile = join(electronFolder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const program = join(electronFolder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(program) ? program : null
}

function downloadElectron(): boolean {
  console.error("dmabuf-lab: fetching Electron's runtime, once")
  const done = spawnSync(process.execPath, [join(electronFolder, 'install.js')], {
    stdio: 'ignore',
    timeout: downloadLimitMs,
  })
  return done.status === 0 && electronPath() !== null
}

function open(program: string, args: string[]): void {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' })
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}

build()
const reason = whyNoDesktop()
const electron = reason === '' ? electronPath() : null
if (electron !== null) {
  open(electron, ['.', ...process.argv.slice(2)])
} else {
  console.error(`dmabuf-lab: ${reason}, so this is the hosted shell: the same lab in your browser.`)
  open(process.execPath, [join(root, 'main', 'cli', 'index.ts'), 'serve', ...process.argv.slice(2)])
}
