import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { arch as hostArch } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { fail, toLabError } from '../../contract/error.ts'

export const agentArches = ['x86_64', 'aarch64'] as const
export type AgentArch = (typeof agentArches)[number]
export type AgentBuild = { arch: AgentArch; sanitize?: boolean }

const agentFolder = fileURLToPath(new URL('.', import.meta.url))
const deviceFolder = fileURLToPath(new URL('..', import.meta.url))
const loaderFolder = join(deviceFolder, 'loader')
const moduleInterfaces = ['dmabuf_lab_uapi.h', 'lab_wrapfd_uapi.h'].map(name =>
  join(deviceFolder, 'module', name),
)
const outputFolder = fileURLToPath(new URL('../../out/agent/', import.meta.url))

/** What every translation unit is compiled with. The agent includes from its own folder, and from the device's. */
export const agentFlags = [
  ...['-std=c11', '-Wall', '-Wextra', '-Werror', '-pthread'],
  ...[`-I${agentFolder}`, `-I${deviceFolder}`],
]
const releaseFlags = [...agentFlags, '-O2', '-static', '-s']
/** Not optimized: it compiles in two thirds of the time, and nothing that a sanitizer would see is optimized away. */
const sanitizeFlags = [
  ...agentFlags,
  '-g',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
  '-fno-omit-frame-pointer',
]

const nativeArch: Partial<Record<string, AgentArch>> = { x64: 'x86_64', arm64: 'aarch64' }
const debianPackages: Record<AgentArch, string> = {
  x86_64: 'gcc-x86-64-linux-gnu libc6-dev-amd64-cross',
  aarch64: 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross',
}

/** The architecture of this machine as the agent names it, or `undefined` where there is no agent for it. */
export function hostAgentArch(): AgentArch | undefined {
  return nativeArch[hostArch()]
}

/**
 * Compiles the agent unless the sources, the flags and the compiler are those of the last build.
 * @returns the binary's path: `out/agent/dmabuf-lab-agent-<arch>`, with `-asan` for the sanitizer build.
 * @throws LabFailure `unsupported` without a compiler, `agent-failed` when the sources do not compile.
 */
export async function buildAgent({ arch, sanitize = false }: AgentBuild): Promise<string> {
  const compiler = compilerOf(arch)
  const flags = sanitize ? sanitizeFlags : releaseFlags
  const binary = join(outputFolder, `dmabuf-lab-agent-${arch}${sanitize ? '-asan' : ''}`)
  const stamp = `${binary}.sha256`
  const sources = await sourcePaths()
  const hash = await hashOf([await versionOf(compiler, arch), ...flags], sources)
  if ((await textOf(stamp)) === hash && (await textOf(binary)) !== undefined) return binary
  await mkdir(outputFolder, { recursive: true })
  await compile(compiler, [...flags, ...sources.filter(path => path.endsWith('.c')), '-lm'], binary)
  await writeFile(stamp, hash)
  return binary
}

function compilerOf(arch: AgentArch): string {
  return arch === hostAgentArch() ? 'gcc' : `${arch}-linux-gnu-gcc`
}

/** The agent's sources and headers, with those of the loader and the module's interface. */
export async function sourcePaths(): Promise<string[]> {
  const all = await readdir(agentFolder, { recursive: true })
  const own = all.filter(name => !name.startsWith('test/'))
  const loader = await readdir(loaderFolder)
  return [...own.map(name => join(agentFolder, name)), ...loader.map(name => join(loaderFolder, name))]
    .filter(path => /\.[ch]$/.test(path) && !path.startsWith(join(agentFolder, 'test')))
    .concat(moduleInterfaces)
    .sort()
}

async function hashOf(words: readonly string[], paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(words))
  for (const path of paths) hash.update(relative(deviceFolder, path)).update(await readFile(path))
  return hash.digest('hex')
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'latin1').catch(() => undefined)
}

const run = promisify(execFile)

async function versionOf(compiler: string, arch: AgentArch): Promise<string> {
  try {
    return (await run(compiler, ['--version'])).stdout
  } catch (cause) {
    const packages = arch === hostAgentArch() ? 'gcc libc6-dev' : debianPackages[arch]
    fail(
      'unsupported',
      `the agent for ${arch} cannot be built: ${compiler} is not installed`,
      `Install it (Debian: apt install ${packages}).`,
      cause,
    )
  }
}

/** Builds beside the target and renames, so that two builds at once both end with a whole binary. */
async function compile(compiler: string, args: readonly string[], binary: string): Promise<void> {
  const unfinished = `${binary}.${process.pid}`
  try {
    await run(compiler, [...args, '-o', unfinished])
    await rename(unfinished, binary)
  } catch (cause) {
    await rm(unfinished, { force: true })
    const text = cause instanceof Error ? cause.message : String(cause)
    fail('agent-failed', `the agent does not compile: ${text}`, 'Correct the sources named above.', cause)
  }
}

function askedArches(): readonly AgentArch[] {
  const { values } = parseArgs({ options: { arch: { type: 'string' } } })
  if (values.arch === 'all') return agentArches
  const wanted = agentArches.find(arch => arch === (values.arch ?? hostAgentArch()))
  return wanted === undefined
    ? fail('bad-input', `there is no agent for ${values.arch ?? hostArch()}`, 'Give x86_64, aarch64 or all.')
    : [wanted]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const binaries = await Promise.all(askedArches().map(arch => buildAgent({ arch })))
    for (const binary of binaries) console.log(binary)
  } catch (thrown) {
    const error = toLabError(thrown)
    console.error(`${error.message}\n${error.hint}`)
    process.exitCode = 1
  }
}
