import { expect, test, vi } from 'vitest'
import { type LockableContents, type LockableSession, lockContents, lockSession } from './lockdown.ts'

type Preventable = { preventDefault: () => void }

function lockedContents() {
  const listeners = new Map<string, (event: Preventable) => void>()
  let openWindow: Parameters<LockableContents['setWindowOpenHandler']>[0] | undefined
  lockContents({
    on: (event: string, listener: (event: Preventable) => void) => listeners.set(event, listener),
    setWindowOpenHandler: handler => {
      openWindow = handler
    },
  })
  return { listeners, openWindow }
}

test.each(['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview'])(
  '%s is prevented, and said',
  name => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const preventDefault = vi.fn()
    lockedContents().listeners.get(name)?.({ preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
    expect(log).toHaveBeenCalledOnce()
    log.mockRestore()
  },
)

test('no window opens', () => {
  const details = {
    url: 'https://example.invalid/',
    frameName: '',
    features: '',
    disposition: 'new-window',
    referrer: { url: '', policy: 'default' },
  } as const
  expect(lockedContents().openWindow?.(details)).toEqual({ action: 'deny' })
})

function lockedSession() {
  type Request = Parameters<LockableSession['webRequest']['onBeforeRequest']>[0]
  const decisions: unknown[] = []
  let request: Request = () => {}
  lockSession({
    // What is denied needs no contents: the handlers must not look at any argument but the callback.
    setPermissionRequestHandler: handler =>
      Reflect.apply(handler ?? fail, null, [null, 'media', decide, null]),
    setPermissionCheckHandler: handler =>
      decide(Reflect.apply(handler ?? fail, null, [null, 'media', '', null])),
    on: (_event, listener) => listener({ preventDefault: () => decide('no download') }),
    setDevicePermissionHandler: handler => decide(Reflect.apply(handler ?? fail, null, [null])),
    webRequest: {
      onBeforeRequest: listener => {
        request = listener
      },
    },
  })
  function decide(decision: unknown): void {
    decisions.push(decision)
  }
  return { decisions, request }
}

function fail(): never {
  throw new Error('a handler was taken away')
}

test('every permission, device and download is denied', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(lockedSession().decisions).toEqual([false, false, false, 'no download'])
})

test.each([
  ['lab://app/assets/index.js', false],
  ['blob:lab://app/6f2c', false],
  ['https://example.invalid/', true],
  ['http://127.0.0.1:8080/', true],
  ['file:///etc/passwd', true],
  ['lab://evil/', true],
  ['https://example.invalid/?blob:', true],
  ['ws://127.0.0.1/', true],
])('the request for %s is cancelled: %s', (url, cancelled) => {
  const answer = vi.fn()
  lockedSession().request({ url }, answer)
  expect(answer).toHaveBeenCalledExactlyOnceWith({ cancel: cancelled })
})
