import type { z } from 'zod'
import {
  type CallInput,
  type CallOf,
  type CallOutput,
  callName,
  callSchemas,
  callsOf,
  type EventName,
  type EventPayload,
  events,
  type Lab,
  type Topic,
  topics,
} from '../contract/calls.ts'
import { type LabError, type Outcome, reasonOf } from '../contract/error.ts'
import { outcomeSchema } from '../contract/frame.ts'

/** How a preload reaches the lab: over Electron's IPC, or over a WebSocket. */
export type LabLink = {
  /** Resolves with an outcome nobody has checked yet. */
  readonly call: (name: string, input: unknown) => Promise<unknown>
  readonly subscribe: (event: EventName, listener: (payload: unknown) => void) => () => void
}

type CallFunction<T extends Topic, C extends CallOf<T>> = (
  input: CallInput<T, C>,
) => Promise<Outcome<CallOutput<T, C>>>
type PayloadSchemas = { readonly [E in EventName]: z.ZodType<EventPayload<E>> }

const payloadSchemas: PayloadSchemas = events

/** `window.lab`, derived from the table of calls. Nothing outside the contract gets through. */
export function createLabClient(link: LabLink): Lab {
  const functions = Object.fromEntries(topics.map(topic => [topic, topicFunctions(link, topic)]))
  if (!isComplete(functions)) throw new Error('the table of calls is incomplete')
  return {
    ...functions,
    on: (event, listener) => link.subscribe(event, payload => deliver(event, payload, listener)),
  }
}

function topicFunctions<T extends Topic>(link: LabLink, topic: T): Record<string, unknown> {
  return Object.fromEntries(callsOf(topic).map(call => [call, callFunction(link, topic, call)]))
}

function callFunction<T extends Topic, C extends CallOf<T>>(
  link: LabLink,
  topic: T,
  call: C,
): CallFunction<T, C> {
  const name = callName(topic, call)
  const { output } = callSchemas[topic][call]
  return async input => checkedOutcome(name, output, await invokeSafely(() => link.call(name, input)))
}

function isComplete(
  functions: Record<string, Record<string, unknown>>,
): functions is Record<string, Record<string, unknown>> & Omit<Lab, 'on'> {
  return topics.every(topic => callsOf(topic).every(call => functions[topic]?.[call] !== undefined))
}

/** An invocation whose failure comes back as an outcome, as everything does. */
export async function invokeSafely(invoke: () => Promise<unknown>): Promise<unknown> {
  try {
    return await invoke()
  } catch (thrown) {
    return failure(reasonOf(thrown))
  }
}

/** What came back from the call of that name, if it is an outcome inside the contract. */
export function checkedOutcome<T>(name: string, output: z.ZodType<T>, outcome: unknown): Outcome<T> {
  const checked = outcomeSchema.safeParse(outcome)
  if (!checked.success) return failure(`the answer to ${name} is no outcome`)
  if (!checked.data.ok) return checked.data
  const value = output.safeParse(checked.data.value)
  if (value.success) return { ok: true, value: value.data }
  const problem = value.error.issues[0]?.message ?? ''
  return failure(`the answer to ${name} is outside the contract: ${problem}`)
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
