import { expect, test, vi } from 'vitest'
import type { DesktopCommand } from '../../contract/desktop.ts'
import { desktopCallChannel, desktopCallNames } from '../../contract/desktop.ts'
import { PageCommands, serveDesktop } from './desktopIpc.ts'
import type { IpcMain } from './labIpc.ts'

type Listener = Parameters<IpcMain['handle']>[1]

function served() {
  const channels = new Map<string, Listener>()
  const handlers = {
    saveRun: vi.fn(async () => ({ file: '/kept.json' })),
    copyRun: vi.fn(() => ({})),
    saveComparison: vi.fn(async () => ({ file: null })),
    copyComparison: vi.fn(() => ({})),
    savePicture: vi.fn(async () => ({ file: null })),
    showSaved: vi.fn(() => ({})),
    chooseFile: vi.fn(async () => ({ path: null })),
    setTheme: vi.fn(() => ({})),
  }
  serveDesktop({ handle: (channel, listener) => channels.set(channel, listener) }, handlers)
  const invoke = (call: string, url: string, input: unknown) =>
    channels.get(desktopCallChannel(call))?.({ senderFrame: { url, parent: null } }, input)
  return { channels, handlers, invoke }
}

test('there is a channel for every call of the desktop, and our page is served', async () => {
  const { channels, invoke } = served()
  expect([...channels.keys()]).toEqual(desktopCallNames.map(desktopCallChannel))
  expect(await invoke('saveRun', 'lab://app/', { runId: 1, format: 'json' })).toEqual({
    ok: true,
    value: { file: '/kept.json' },
  })
})

test('another page is refused, and no dialog opens', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { handlers, invoke } = served()
  for (const call of desktopCallNames) {
    expect(await invoke(call, 'https://evil.example/', {})).toMatchObject({
      ok: false,
      error: { kind: 'forbidden' },
    })
  }
  for (const handler of Object.values(handlers)) expect(handler).not.toHaveBeenCalled()
  log.mockRestore()
})

test.each([
  ['saveRun', { runId: 1, format: 'exe' }],
  ['saveRun', { runId: 1, format: 'json', file: '/etc/passwd' }],
  ['showSaved', { path: '/etc/passwd' }],
  ['chooseFile', { path: '/etc/passwd' }],
  ['setTheme', { choice: 'neon' }],
])('%s takes nothing beside its contract: %o', async (call, input) => {
  const { handlers, invoke } = served()
  expect(await invoke(call, 'lab://app/', input)).toMatchObject({ ok: false, error: { kind: 'bad-input' } })
  for (const handler of Object.values(handlers)) expect(handler).not.toHaveBeenCalled()
})

test('what is asked of a page waits until one listens, also while it loads again', () => {
  const commands = new PageCommands()
  const got: unknown[] = []
  const sink = { send: (_channel: string, command: unknown) => got.push(command), isDestroyed: () => false }
  const start: DesktopCommand = { name: 'start' }
  const cancel: DesktopCommand = { name: 'cancel' }
  commands.send(start)
  expect(got).toEqual([])
  commands.attach(sink)
  commands.detach()
  commands.send(cancel)
  expect(got).toEqual([start])
  commands.attach(sink)
  expect(got).toEqual([start, cancel])
})
