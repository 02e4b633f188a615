import { EventEmitter } from 'node:events'

/**
 * Runs before the worker, as lib/utility/init.ts does: `process.parentPort` is there, and nothing of child_process.fork.
 * The port tells `message` and nothing else (lib/utility/parent-port.ts); what comes before somebody listens waits.
 */
const send = process.send?.bind(process)
const early: unknown[] = []

class StandInParentPort extends EventEmitter {
  postMessage(message: unknown): void {
    send?.(structuredClone(message), undefined, undefined, () => {})
  }
}

const port = new StandInParentPort()
const deliver = (data: unknown) => port.emit('message', { data, ports: [] })

process.on('message', message => {
  if (port.listenerCount('message') === 0) early.push(message)
  else deliver(message)
})
port.on('newListener', name => {
  if (name === 'message' && early.length > 0) setImmediate(() => early.splice(0).map(deliver))
})
// Chromium's child threads end their process when the browser's end of the channel is gone.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
Object.defineProperty(process, 'parentPort', { enumerable: true, writable: false, value: port })
Reflect.deleteProperty(process, 'send')
