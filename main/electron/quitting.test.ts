import { EventEmitter } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import { Quitting } from './quitting.ts'

/** Asks its listeners as Browser::Quit does: before-quit, the windows' close, will-quit. */
class App extends EventEmitter {
  readonly window = new EventEmitter()
  readonly exit = vi.fn()
  readonly quit = () => {
    if (this.#prevented(this, 'before-quit') || this.#prevented(this.window, 'close')) return
    this.#prevented(this, 'will-quit')
  }
  #prevented(emitter: EventEmitter, name: string): boolean {
    let prevented = false
    emitter.emit(name, { preventDefault: () => (prevented = true) })
    return prevented
  }
}

function quitting(running: number, answer = 0, close: () => Promise<void> = async () => {}) {
  const app = new App()
  const ask = vi.fn(async () => answer)
  const closed = vi.fn(close)
  const quits = new Quitting(app, { running: () => running, ask, close: closed })
  quits.guard(app.window)
  return { app, ask, closed, quits }
}

afterEach(() => void vi.useRealTimers())

test('with nothing under way it closes the lab and ends, without a question', async () => {
  const { app, ask, closed } = quitting(0)
  app.quit()
  await vi.waitFor(() => expect(app.exit).toHaveBeenCalledExactlyOnceWith(0))
  expect(closed).toHaveBeenCalledOnce()
  expect(ask).not.toHaveBeenCalled()
})

test('a run under way is asked about once, and kept where the person wants it kept', async () => {
  const { app, ask, closed } = quitting(1, 0)
  app.quit()
  app.quit()
  await new Promise(setImmediate)
  expect(ask).toHaveBeenCalledOnce()
  expect(closed).not.toHaveBeenCalled()
  app.quit()
  expect(ask).toHaveBeenCalledTimes(2)
})

test('it is interrupted where the person says so', async () => {
  const { app, closed } = quitting(2, 1)
  app.quit()
  await vi.waitFor(() => expect(app.exit).toHaveBeenCalledExactlyOnceWith(0))
  expect(closed).toHaveBeenCalledOnce()
})

test('a signal or a shutdown asks nobody', async () => {
  const { app, ask, quits } = quitting(1, 0)
  quits.quitUnasked()
  await vi.waitFor(() => expect(app.exit).toHaveBeenCalledOnce())
  expect(ask).not.toHaveBeenCalled()
})

test('a lab that does not close has a deadline', () => {
  vi.useFakeTimers()
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const { app } = quitting(0, 0, () => new Promise(() => {}))
  app.quit()
  vi.advanceTimersByTime(9_999)
  expect(app.exit).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(app.exit).toHaveBeenCalledExactlyOnceWith(1)
})

test('a lab that fails to close says so in its exit code', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const { app } = quitting(0, 0, () => Promise.reject(new Error('the disk is gone')))
  app.quit()
  await vi.waitFor(() => expect(app.exit).toHaveBeenCalledExactlyOnceWith(1))
})
