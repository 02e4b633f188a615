import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { outcomeOf } from '../../contract/error.ts'
import { openScriptedLab, runEnded, type Script, shortPlan } from './fixtures/scriptedLab.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

async function logOf(script: Script): Promise<string> {
  const { lab, close } = openScriptedLab(folder, script)
  const { runId } = await lab.handlers.runs.start(shortPlan)
  await runEnded(lab, runId)
  await close()
  return readFileSync(join(folder, 'logs', 'lab.log'), 'utf8')
}

test('a run, its engine and its end are noted down', async () => {
  const log = await logOf('measure')
  expect(log).toMatch(/ run=1-[0-9a-f]{8} target="local" run started\n/)
  expect(log).toMatch(/ run=1-\S+ target="local" engine=\d+ engine started\n/)
  expect(log).toMatch(/ run=1-\S+ target="local" run finished, 4 of 4 samples\n/)
  expect(log).toMatch(/ target="local" engine=\d+ engine ended\n/)
})

test('a crash is noted down with all that the process said', async () => {
  const log = await logOf('throw')
  expect(log).toMatch(/ run=1-\S+ target="local" engine=\d+ engine crashed: .*it said: .*\\u000a {4}at /)
  expect(log).toMatch(/ run=1-\S+ target="local" run interrupted, .*: engine-crashed: /)
})

test('an error that the log explains names it, and one of the asker does not', async () => {
  const { lab, close } = openScriptedLab(folder, 'die')
  const place = { target: 'local', directory: null }
  const crashed = await outcomeOf(() => lab.handlers.targets.probe(place))
  const unknown = await outcomeOf(() => lab.handlers.runs.get({ runId: 7 }))
  await close()
  const names = expect.stringContaining(join(folder, 'logs', 'lab.log'))
  expect(crashed).toMatchObject({ ok: false, error: { kind: 'engine-crashed', hint: names } })
  expect(unknown).toMatchObject({
    ok: false,
    error: { kind: 'not-found', hint: expect.not.stringContaining('log') },
  })
})
