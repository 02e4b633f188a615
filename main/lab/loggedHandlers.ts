import type { LabHandlers } from '../../contract/calls.ts'
import { type ErrorKind, LabFailure, toLabError } from '../../contract/error.ts'
import type { LabLog } from './log/labLog.ts'

/** What whoever asked can put right without the log. */
const askersKinds: readonly ErrorKind[] = [
  'bad-input',
  'bad-plan',
  'bad-file',
  'bad-profile',
  'not-found',
  'busy',
  'cancelled',
]

/** The same handlers; what fails in one is noted down, and the error names the log where that has more to say. */
export function loggedHandlers(handlers: LabHandlers, log: LabLog): LabHandlers {
  return replacing(handlers, (topic, calls) =>
    typeof calls === 'object' && calls !== null ? loggedTopic(calls, topic, log) : calls,
  )
}

function loggedTopic(calls: object, topic: string, log: LabLog): object {
  return replacing(calls, (name, handler) =>
    typeof handler === 'function' ? noting(handler, `${topic}.${name}`, log) : handler,
  )
}

/** The same object, each member of which is read through `replace`. */
function replacing<T extends object>(members: T, replace: (name: string, member: unknown) => unknown): T {
  return new Proxy(members, {
    get: (target, name) => replace(String(name), Reflect.get(target, name)),
  })
}

function noting(handler: CallableFunction, name: string, log: LabLog): (input: unknown) => unknown {
  const rethrow = (thrown: unknown): never => {
    throw noted(thrown, name, log)
  }
  return input => {
    try {
      const result: unknown = Reflect.apply(handler, undefined, [input])
      return result instanceof Promise ? result.catch(rethrow) : result
    } catch (thrown) {
      return rethrow(thrown)
    }
  }
}

function noted(thrown: unknown, name: string, log: LabLog): unknown {
  const error = toLabError(thrown)
  if (askersKinds.includes(error.kind)) return thrown
  const stack = error.kind === 'internal' && thrown instanceof Error ? `\n${thrown.stack}` : ''
  log.note(`${name} failed, ${error.kind}: ${error.message}${stack}`)
  return new LabFailure({ ...error, hint: withLog(error.kind, error.hint, log.path) }, { cause: thrown })
}

/** Kinds whose cause is often told by what came before it. */
const loggedKinds: readonly ErrorKind[] = ['internal', 'engine-crashed', 'agent-failed', 'agent-protocol']

export function withLog(kind: ErrorKind, hint: string, logFile: string | null): string {
  return loggedKinds.includes(kind) && logFile !== null
    ? `${hint} The log has more: ${logFile}`.trimStart()
    : hint
}
