import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { callNames } from '../../contract/calls.ts'
import { openScriptedLab, runEnded, shortPlan } from '../lab/fixtures/scriptedLab.ts'
import { forwardEvents, type IpcMain, serveIpc } from './labIpc.ts'
import type { IpcEvent } from './trustedSender.ts'

type Listener = Parameters<IpcMain['handle']>[1]

let folder: string
let opened: ReturnType<typeof openScriptedLab>
let channels: Map<string, Listener>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-'))
  opened = openScriptedLab(folder, 'measure')
  channels = new Map()
  serveIpc({ handle: (channel, listener) => channels.set(channel, listener) }, Promise.resolve(opened.lab))
})

afterEach(async () => {
  await opened.close()
  rmSync(folder, { recursive: true })
})

const from = (url: string, parent: unknown = null): IpcEvent => ({ senderFrame: { url, parent } })

function invoke(call: string, event: IpcEvent, input: unknown): Promise<unknown> | undefined {
  return channels.get(`lab:call:${call}`)?.(event, input)
}

test('there is a channel for every call of the table, and no other', () => {
  expect([...channels.keys()]).toEqual(callNames.map(call => `lab:call:${call}`))
})

test('our page is served', async () => {
  expect(await invoke('runs.list', from('lab://app/'), {})).toEqual({ ok: true, value: [] })
  expect(await invoke('runs.get', from('lab://app/#/runs/1'), { runId: 'one' })).toMatchObject({
    ok: false,
    error: { kind: 'bad-input' },
  })
})

test.each([
  ['another origin', from('https://evil.example/')],
  ['an origin that names ours', from('https://evil.example/?lab://app/')],
  ['a host that begins like ours', from('lab://app.evil.example/')],
  ['a user name like ours', from('lab://app@evil.example/')],
  ['a frame inside our page', from('lab://app/', {})],
  ['a page that is gone', { senderFrame: null }],
  ['no page', from('')],
])('%s is refused, and the lab does nothing', async (_who, event) => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const outcome = await invoke('runs.start', event, shortPlan)
  expect(outcome).toMatchObject({ ok: false, error: { kind: 'forbidden' } })
  expect(log).toHaveBeenCalledOnce()
  log.mockRestore()
  expect(opened.store.runs.listRuns()).toEqual([])
})

test('events go to the window until it is gone', async () => {
  const sent: string[] = []
  let destroyed = false
  const sink = { send: (channel: string) => sent.push(channel), isDestroyed: () => destroyed }
  forwardEvents(opened.lab, sink)
  const { runId } = await opened.lab.handlers.runs.start(shortPlan)
  await runEnded(opened.lab, runId)
  expect(sent.filter(channel => channel === 'lab:event:sampleStored')).toHaveLength(4)
  destroyed = true
  sent.length = 0
  await opened.lab.handlers.runs.delete({ runId })
  expect(sent).toEqual([])
})
