import type { z } from 'zod'
import {
  type CallInput,
  type CallName,
  type CallOutput,
  callNames,
  calls,
  type EventName,
  type EventPayload,
  events,
  type Lab,
} from '../contract/calls.ts'
import { type LabError, type Outcome, reasonOf } from '../contract/error.ts'
import { outcomeSchema } from '../contract/frame.ts'

/** How a preload reaches the lab: over Electron's IPC, or over a WebSocket. */
export type LabLink = {
  /** Resolves with an outcome nobody has checked yet. */
  readonly call: (call: CallName, input: unknown) => Promise<unknown>
  readonly subscribe: (event: EventName, listener: (payload: unknown) => void) => () => void
}

type CallFunction<C extends CallName> = (input: CallInput<C>) => Promise<Outcome<CallOutput<C>>>
type CallFunctions = { readonly [C in CallName]: CallFunction<C> }
type OutputSchemas = { readonly [C in CallName]: { readonly output: z.ZodType<CallOutput<C>> } }
type PayloadSchemas = { readonly [E in EventName]: z.ZodType<EventPayload<E>> }

const outputSchemas: OutputSchemas = calls
const payloadSchemas: PayloadSchemas = events

/** `window.lab`, derived from the table of calls. Nothing outside the contract gets through. */
export function createLabClient(link: LabLink): Lab {
  const functions = Object.fromEntries(callNames.map(call => [call, callFunction(link, call)]))
  if (!isComplete(functions)) throw new Error('the table of calls is incomplete')
  return {
    ...functions,
    on: (event, listener) => link.subscribe(event, payload => deliver(event, payload, listener)),
  }
}

function callFunction<C extends CallName>(link: LabLink, call: C): CallFunction<C> {
  return async input =>
    checkedOutcome(call, outputSchemas[call].output, await invokeSafely(() => link.call(call, input)))
}

function isComplete(functions: Record<string, unknown>): functions is CallFunctions {
  return callNames.every(call => functions[call] !== undefined)
}

/** An invocation whose failure comes back as an outcome, as everything does. */
export async function invokeSafely(invoke: () => Promise<unknown>): Promise<unknown> {
  try {
    return await invoke()
  } catch (thrown) {
    return failure(reasonOf(thrown))
  }
}

/** What came back from `call`, if it is an outcome inside the contract. */
export function checkedOutcome<T>(call: string, output: z.ZodType<T>, outcome: unknown): Outcome<T> {
  const checked = outcomeSchema.safeParse(outcome)
  if (!checked.success) return failure(`the answer to ${call} is no outcome`)
  if (!checked.data.ok) return checked.data
  const value = output.safeParse(checked.data.value)
  if (value.success) return { ok: true, value: value.data }
  return failure(`the answer to ${call} is outside the contract: ${value.error.issues[0]?.message ?? ''}`)
}

function deliver<E extends EventName>(
  event: E,
  payload: unknown,
  listener: (payload: EventPayload<E>) => void,
): void {
  const checked = payloadSchemas[event].safeParse(payload)
  if (checked.success) listener(checked.data)
  else console.error(`an event ${event} outside the contract was dropped`, checked.error.issues)
}

function failure(message: string): { ok: false; error: LabError } {
  return { ok: false, error: { kind: 'internal', message, hint: 'Reload the page. If it stays, report it.' } }
}
