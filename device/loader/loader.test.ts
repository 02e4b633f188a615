import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseTap } from '../module/tap.ts'
import { runAdb } from '../virtual/adbProgram.ts'
import { findProgram } from '../virtual/findProgram.ts'
import { suiteDevice } from '../virtual/testing/testDevice.ts'
import { whyNoVirtualDevice } from '../virtual/whyNoVirtualDevice.ts'

const here = import.meta.dirname
const remote = '/data/local/tmp/loader-test'
const noCompiler = findProgram('gcc') ? null : 'needs gcc'
const noCxxCompiler = findProgram('g++') ? null : 'needs g++'
const noDevice = noCompiler ?? whyNoVirtualDevice()
const saying = (reason: string | null) => (reason === null ? '' : ` (skipped: ${reason})`)

/** Of a program or a build that hangs; none takes a tenth of it. */
const hangMs = 300_000

const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-loader-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const warnings = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-pthread']
const objectsOf = new Map<string, readonly string[]>()

/** The library's objects, compiled once for each kind. */
function libraryFor(flags: readonly string[]): readonly string[] {
  const kind = flags.join(' ')
  const known = objectsOf.get(kind)
  if (known !== undefined) return known
  const sources = readdirSync(here).filter(file => file.endsWith('.c'))
  const cwd = join(folder, `library-${objectsOf.size}`)
  mkdirSync(cwd)
  execFileSync('gcc', [...warnings, ...flags, '-c', ...sources.map(file => join(here, file))], { cwd })
  const objects = sources.map(file => join(cwd, file.replace(/c$/, 'o')))
  objectsOf.set(kind, objects)
  return objects
}

function compile(source: string, program: string, ...flags: string[]): string {
  const output = join(folder, program)
  execFileSync('gcc', [...warnings, ...flags, '-o', output, join(here, source), ...libraryFor(flags)])
  return output
}

test.skipIf(noCxxCompiler !== null)(`the header is C++ as well${saying(noCxxCompiler)}`, () => {
  const flags = ['-x', 'c++', '-std=c++11', '-Wall', '-Wextra', '-Werror', '-fsyntax-only']
  execFileSync('g++', [...flags, join(here, 'dmabuf_loader.h')])
})

/** A folder of its own under the temporary one, and what a program writes there. */
function runIn(name: string, program: string, words: string[] = [], environment: NodeJS.ProcessEnv = {}) {
  const cwd = join(folder, name)
  mkdirSync(cwd, { recursive: true })
  const env = { ...process.env, ...environment }
  return execFileSync(program, words, { cwd, env, timeout: hangMs, encoding: 'utf8' })
}

describe.skipIf(noCompiler !== null)(`on any Linux, on plain shared memory${saying(noCompiler)}`, () => {
  test.each(['address,undefined', 'thread'])(
    'tasks under -fsanitize=%s: ranges, watermark, refill, cancel, bad input',
    sanitizers => {
      const name = `task-${sanitizers.replace(',', '-')}`
      const program = compile('test/task_test.c', name, '-O1', '-g', `-fsanitize=${sanitizers}`)
      const report = parseTap(runIn(`${name}-run`, program))
      expectAllPassed(report)
    },
    hangMs,
  )

  test(
    'the memory that is chosen, and why, is told; what is missing or forbidden is refused',
    () => {
      const program = compile('test/choice_test.c', 'choice', '-O1', '-g', '-fsanitize=address,undefined')
      const report = parseTap(runIn('choice-run', program))
      expectAllPassed(report)
    },
    hangMs,
  )

  const noRoom = process.env.DMABUF_LAB_LARGE === '1' ? null : 'takes 5 GiB of memory: DMABUF_LAB_LARGE=1'
  test.skipIf(noRoom !== null)(
    `5 GiB, beyond 2^31 bytes and what one read() carries${saying(noRoom)}`,
    () => {
      const report = parseTap(
        runIn('task-large', compile('test/task_test.c', 'task-large-test', '-O2'), ['large']),
      )
      expect(report.failed).toEqual([])
    },
    hangMs,
  )

  test(
    'the examples do what they say',
    () => {
      const shared = { DMABUF_LOADER_MEMFD_ONLY: '1' }
      const content = Buffer.alloc(3_000_001, 'model ')
      mkdirSync(join(folder, 'examples'))
      writeFileSync(join(folder, 'examples', 'model.bin'), content)
      const provider = compile('example/provider.c', 'provider', '-O2')
      const parts = runIn('examples', provider, ['model.bin', '0:4096', '8193:1000000', '3000000:1'], shared)
      expect(parts.split('\n').slice(0, 3)).toEqual([
        `4096 bytes at 0 in dma-buf -1, first byte ${content[0]}`,
        `1000000 bytes at 8193 in dma-buf -1, first byte ${content[8193]}`,
        `1 bytes at 3000000 in dma-buf -1, first byte ${content[3_000_000]}`,
      ])
      const consumer = compile('example/first_layers.c', 'first_layers', '-O2')
      const layers = runIn('examples', consumer, ['model.bin'], shared)
      expect(layers.match(/^part \d with sum/gm)).toHaveLength(4)
      expect(layers).toContain('3000001 of 3000001 bytes are ready')
      const loadFile = compile('example/load_file.c', 'load_file', '-O2')
      const told = runIn('examples', loadFile, ['--memory', 'memfd', 'model.bin'])
      expect(told).toContain('memfd: asked for; plain shared memory, which is no dma-buf')
      expect(told).toMatch(/^3000001 bytes in dma-buf -1 after /m)
    },
    hangMs,
  )
})

const noInstall =
  noCompiler ??
  (findProgram('make') && findProgram('pkg-config') && findProgram('nm')
    ? null
    : 'needs make, pkg-config and nm')

test.skipIf(noInstall !== null)(
  `it is installed static and shared, for programs in C and C++${saying(noInstall)}`,
  () => {
    const prefix = join(folder, 'installed')
    execFileSync('make', ['-s', '-C', here, `BUILD=${join(folder, 'build')}`, `PREFIX=${prefix}`, 'install'])
    const environment = { ...process.env, PKG_CONFIG_PATH: join(prefix, 'lib/pkgconfig') }
    const asked = (...words: string[]) =>
      execFileSync('pkg-config', [...words, 'dmabuf_loader'], { env: environment, encoding: 'utf8' }).trim()
    expect(asked('--modversion')).toBe('3.0')
    const symbols = execFileSync('nm', ['-D', '--defined-only', join(prefix, 'lib/libdmabuf_loader.so')])
    for (const symbol of symbols.toString('utf8').trim().split('\n')) {
      expect(symbol).toMatch(/ T dmabuf_loader_\w+$/)
    }
    const source = join(here, 'example/first_layers.c')
    const program = join(folder, 'linked')
    writeFileSync(join(folder, 'model.bin'), 'a model')
    for (const how of [['--libs'], ['--static', '--libs']]) {
      const flags = [...asked('--cflags').split(' '), ...asked(...how).split(' ')]
      execFileSync('gcc', [
        '-std=c11',
        source,
        '-o',
        program,
        ...flags,
        ...(how.length > 1 ? ['-static'] : []),
      ])
      const layers = runIn('.', program, ['model.bin'], {
        DMABUF_LOADER_MEMFD_ONLY: '1',
        LD_LIBRARY_PATH: join(prefix, 'lib'),
      })
      expect(layers).toContain('7 of 7 bytes are ready')
    }
  },
  hangMs,
)

const noCmake = noCompiler ?? (findProgram('cmake') && findProgram('make') ? null : 'needs cmake and make')

test.skipIf(noCmake !== null)(
  `another project's CMake takes it in${saying(noCmake)}`,
  () => {
    const project = join(folder, 'project')
    mkdirSync(project)
    writeFileSync(
      join(project, 'CMakeLists.txt'),
      `cmake_minimum_required(VERSION 3.16)
project(consumer C)
add_subdirectory(${here} loader)
add_executable(consumer ${join(here, 'example/first_layers.c')})
target_link_libraries(consumer dmabuf_loader)
`,
    )
    execFileSync('cmake', ['-S', project, '-B', join(project, 'build')], { stdio: 'pipe' })
    execFileSync('cmake', ['--build', join(project, 'build')], { stdio: 'pipe' })
    writeFileSync(join(project, 'model.bin'), 'a model')
    const layers = runIn('project', join(project, 'build/consumer'), ['model.bin'], {
      DMABUF_LOADER_MEMFD_ONLY: '1',
    })
    expect(layers).toContain('7 of 7 bytes are ready')
  },
  hangMs,
)

const onDevice = new Map<string, Promise<string>>()

/** The device's path of a program, which is compiled and sent once. */
function sentProgram(source: string): Promise<string> {
  const known = onDevice.get(source)
  if (known !== undefined) return known
  const sending = send(source)
  onDevice.set(source, sending)
  return sending
}

async function send(source: string): Promise<string> {
  const name = basename(source, '.c')
  const device = await suiteDevice.start()
  const program = compile(source, `${name}_static`, '-O2', '-static')
  await runAdb(device.adb, ['-s', device.serial, 'push', program, `${remote}-${name}`])
  return `${remote}-${name}`
}

/** Nothing failed, and all that was planned was run. */
function expectAllPassed({ failed, passed, planned }: ReturnType<typeof parseTap>): void {
  expect(failed).toEqual([])
  expect(passed.length).toBe(planned)
}

/** Runs a test program where there are devices that give memory, and reads its report. */
async function reportOnDevice(source: string, words: readonly string[] = []) {
  const program = await sentProgram(source)
  const device = await suiteDevice.start()
  const command = `rm -rf ${remote}; mkdir ${remote} && cd ${remote} && ${program} ${words.join(' ')}`
  const result = await runAdb(device.adb, ['-s', device.serial, 'shell', `${command}; rm -rf ${remote}`])
  return parseTap(result.stdout.toString('utf8'))
}

describe.skipIf(noDevice !== null)(`on the devices that give memory${saying(noDevice)}`, () => {
  afterAll(async () => {
    if (onDevice.size === 0) return
    const device = await suiteDevice.start()
    const programs = await Promise.all(onDevice.values())
    await runAdb(device.adb, ['-s', device.serial, 'shell', ['rm -f', ...programs].join(' ')])
  })

  test(
    'memory is the fastest that is there, or what was asked for; who has no right is told',
    async () => {
      const report = await reportOnDevice('test/choice_test.c')
      expectAllPassed(report)
    },
    hangMs,
  )

  test.each(['udmabuf', 'heap', 'wrapfd', 'module'])(
    'a file is loaded into %s, or fails, and is freed as documented',
    async memory => {
      const report = await reportOnDevice('test/loader_test.c', [memory])
      expectAllPassed(report)
    },
    hangMs,
  )

  test.each(['udmabuf', 'heap', 'wrapfd', 'module'])(
    'tasks load ranges into %s, fill it again, are cancelled and leave nothing',
    async memory => {
      const report = await reportOnDevice('test/task_test.c', [memory])
      expectAllPassed(report)
    },
    hangMs,
  )
})
