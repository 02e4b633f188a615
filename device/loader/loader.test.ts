import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-loader-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function compile(source: string, program: string, ...flags: string[]): string {
  const library = readdirSync(here).filter(file => file.endsWith('.c'))
  const sources = [source, ...library].map(file => join(here, file))
  const output = join(folder, program)
  execFileSync('gcc', [
    '-std=c11',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-pthread',
    ...flags,
    '-o',
    output,
    ...sources,
  ])
  return output
}

test.skipIf(noCxxCompiler !== null)(`the header is C++ as well${saying(noCxxCompiler)}`, () => {
  const flags = ['-x', 'c++', '-std=c++11', '-Wall', '-Wextra', '-Werror', '-fsyntax-only']
  execFileSync('g++', [...flags, join(here, 'dmabuf_loader.h')])
})

test.skipIf(noCompiler !== null)(`the example compiles${saying(noCompiler)}`, () => {
  expect(compile('example/load_file.c', 'load_file', '-O2')).toContain('load_file')
})

describe.skipIf(noDevice !== null)(`on a real udmabuf${saying(noDevice)}`, () => {
  test('loads, fails and frees as documented', async () => {
    const program = compile('test/loader_test.c', 'loader_test', '-O2', '-static')
    const device = await suiteDevice.start()
    const adb = (...words: string[]) => runAdb(device.adb, ['-s', device.serial, ...words])
    await adb('shell', `rm -rf ${remote} && mkdir ${remote}`)
    await adb('push', program, `${remote}-program`)
    const result = await adb('shell', `cd ${remote} && ${remote}-program`)
    await adb('shell', `rm -rf ${remote} ${remote}-program`)
    const report = parseTap(result.stdout.toString('utf8'))
    expect(report.failed).toEqual([])
    expect(report.passed.length).toBe(report.planned)
  })
})
