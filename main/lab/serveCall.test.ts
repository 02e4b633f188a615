import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openScriptedLab } from './fixtures/scriptedLab.ts'
import type { LabApplication } from './lab.ts'
import { serveCall } from './serveCall.ts'

let folder: string
let lab: LabApplication
let close: () => Promise<void>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-'))
  const opened = openScriptedLab(folder, 'measure')
  lab = opened.lab
  close = opened.close
})

afterEach(async () => {
  await close()
  rmSync(folder, { recursive: true })
})

test.each(['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'])(
  'no key of an input reaches a prototype: %s',
  async text => {
    const start = { target: 'local', schemes: ['memfd-direct'], sizesBytes: [4096] }
    const hostile: unknown = JSON.parse(text)
    for (const input of [hostile, { ...start, options: hostile }]) {
      expect(await serveCall(lab.handlers, 'runs.list', input)).toMatchObject({ ok: false })
      expect(await serveCall(lab.handlers, 'runs.start', input)).toMatchObject({ ok: false })
    }
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  },
)

test('answers a call with its value', async () => {
  expect(await serveCall(lab.handlers, 'runs.list', {})).toEqual({ ok: true, value: [] })
})

test.each([
  'nothing',
  '__proto__',
  'constructor',
  'toString',
  'runs.__proto__',
  '__proto__.list',
  'runs.constructor',
])('there is no call %s', async name => {
  const outcome = await serveCall(lab.handlers, name, {})
  expect(outcome).toMatchObject({ ok: false, error: { kind: 'bad-input' } })
})

test.each([
  ['runs.start', { target: 'local', schemes: ['memfd-direct'], sizesBytes: [-1] }, 'sizesBytes.0'],
  ['runs.start', { target: 'rm -rf', schemes: ['memfd-direct'], sizesBytes: [4096] }, 'target'],
  ['runs.get', { runId: '1' }, 'runId'],
  ['runs.get', undefined, 'expected object'],
  ['runs.list', { extra: 1 }, 'extra'],
])('%s with %j is refused before the lab sees it', async (name, input, named) => {
  const outcome = await serveCall(lab.handlers, name, input)
  expect(outcome).toMatchObject({ ok: false, error: { kind: 'bad-input' } })
  expect(JSON.stringify(outcome)).toContain(named)
})

test('what the lab throws comes back as its own error', async () => {
  const outcome = await serveCall(lab.handlers, 'runs.get', { runId: 7 })
  expect(outcome).toMatchObject({ ok: false, error: { kind: 'not-found', message: 'there is no run 7' } })
})
