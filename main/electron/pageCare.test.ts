import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import { careForPage, type Question } from './pageCare.ts'

class Contents extends EventEmitter {
  readonly reload = vi.fn()
  readonly forcefullyCrashRenderer = vi.fn()
}
class Window extends EventEmitter {
  readonly webContents = new Contents()
  readonly isDestroyed = () => false
}

function caredFor(answer: number | ((question: Question) => Promise<number>) = 0) {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const window = new Window()
  const quit = vi.fn()
  const ask = vi.fn(typeof answer === 'function' ? answer : async () => answer)
  careForPage(window, { ask, quit })
  const crash = (reason = 'crashed') =>
    window.webContents.emit('render-process-gone', {}, { reason, exitCode: 139 })
  return { window, quit, ask, crash, reload: window.webContents.reload }
}

test('a page that crashed is loaded again, and nobody is asked', () => {
  const { crash, reload, ask } = caredFor()
  crash('oom')
  expect(reload).toHaveBeenCalledOnce()
  expect(ask).not.toHaveBeenCalled()
})

test('a page that ended as it should is left alone', () => {
  const { crash, reload } = caredFor()
  crash('clean-exit')
  expect(reload).not.toHaveBeenCalled()
})

test('a page that crashes again and again is not loaded for ever: the person decides', async () => {
  const { crash, reload, ask, quit } = caredFor(1)
  for (let times = 0; times < 3; times++) crash()
  expect(reload).toHaveBeenCalledTimes(2)
  await vi.waitFor(() => expect(quit).toHaveBeenCalledOnce())
  expect(ask.mock.calls[0]?.[0].message).toContain('3 times')
})

test('a page that hangs is ended when the person says so', async () => {
  const { window } = caredFor(1)
  window.emit('unresponsive')
  await vi.waitFor(() => expect(window.webContents.forcefullyCrashRenderer).toHaveBeenCalledOnce())
})

test('a page that answers again takes the question back', async () => {
  const { window } = caredFor(
    ({ signal }) => new Promise(resolve => signal?.addEventListener('abort', () => resolve(1))),
  )
  window.emit('unresponsive')
  window.emit('responsive')
  await new Promise(setImmediate)
  expect(window.webContents.forcefullyCrashRenderer).not.toHaveBeenCalled()
})
