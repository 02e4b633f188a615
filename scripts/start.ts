import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { helperOf, readSandboxFacts, sandboxProblem } from './chromeSandbox.ts'
import { runDesktop, untilEnd } from './desktopRun.ts'
import { electronProgram } from './electronProgram.ts'
import { hostedArguments } from './hostedArguments.ts'

const root = join(import.meta.dirname, '..')
const downloadLimitMs = 10 * 60_000

function build(): void {
  const bundler = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const args = [bundler, 'build', '--logLevel', 'warn']
  const built = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (built.status !== 0) process.exit(1)
}

/** Electron's program, or why the desktop shell cannot open here, in a sentence. */
function findDesktop(): { readonly program: string } | { readonly reason: string } {
  const headless = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY
  if (headless) return { reason: 'There is no display.' }
  if (process.getuid?.() === 0) return { reason: 'Electron keeps its sandbox and refuses to run as root.' }
  const program = electronProgram() ?? downloadElectron()
  if (program === null) return { reason: "Electron's runtime cannot be downloaded here; npm says why above." }
  const problem = sandboxProblem(readSandboxFacts(helperOf(program)), helperOf(program))
  return problem === null ? { program } : { reason: `${problem.reason}. To mend it: ${problem.fix}.` }
}

function downloadElectron(): string | null {
  console.error("dmabuf-lab: fetching Electron's runtime, once")
  const installer = join(root, 'node_modules', 'electron', 'install.js')
  spawnSync(process.execPath, [installer], { stdio: ['ignore', 2, 2], timeout: downloadLimitMs })
  return electronProgram()
}

build()
const found = findDesktop()
const reason = 'program' in found ? await endOfDesktop(found.program) : found.reason
console.error(`dmabuf-lab: ${reason} So this is the hosted shell: the same lab in your browser.`)
const { passed, dropped } = hostedArguments(process.argv.slice(2))
if (dropped.length > 0) console.error(`dmabuf-lab: the desktop shell alone opens ${dropped.join(' ')}`)
const entry = join(root, 'main', 'cli', 'index.ts')
const serve = spawn(process.execPath, [entry, 'serve', ...passed], { cwd: root, stdio: 'inherit' })
process.exit((await untilEnd(serve, ['SIGTERM', 'SIGHUP'])).code ?? 130)

/** Ends this process with the desktop shell's, or resolves with why nobody saw it. */
async function endOfDesktop(program: string): Promise<string> {
  const { ending, unseen } = await runDesktop(program, ['.', ...process.argv.slice(2)], root)
  if (unseen === null) process.exit(ending.code ?? 130)
  return unseen
}
