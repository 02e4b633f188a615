import {
  type CallInput,
  type CallOf,
  type CallOutput,
  callName,
  callSchemas,
  callsOf,
  type LabHandlers,
  type Topic,
  topics,
} from '../../contract/calls.ts'
import { fail, type Outcome, outcomeOf } from '../../contract/error.ts'

/**
 * The one way every shell serves a call: name and input are a stranger's. The answer is checked by who receives it.
 */
export function serveCall(handlers: LabHandlers, name: string, input: unknown): Promise<Outcome<unknown>> {
  return outcomeOf(() => {
    for (const topic of topics) {
      const answer = serveInTopic(handlers, topic, name, input)
      if (answer !== null) return answer
    }
    return fail('bad-input', `there is no call "${name.slice(0, 64)}"`, 'Update the caller.')
  })
}

/** The same inside one process, where the caller's types are ours. @throws LabFailure or ZodError. */
export async function callLab<T extends Topic, C extends CallOf<T>>(
  handlers: LabHandlers,
  topic: T,
  call: C,
  input: CallInput<T, C>,
): Promise<CallOutput<T, C>> {
  return checkAndServe(handlers, topic, call, input)
}

function serveInTopic<T extends Topic>(
  handlers: LabHandlers,
  topic: T,
  name: string,
  input: unknown,
): Promise<unknown> | null {
  const call = callsOf(topic).find(candidate => callName(topic, candidate) === name)
  return call === undefined ? null : checkAndServe(handlers, topic, call, input)
}

async function checkAndServe<T extends Topic, C extends CallOf<T>>(
  handlers: LabHandlers,
  topic: T,
  call: C,
  input: unknown,
): Promise<CallOutput<T, C>> {
  return handlers[topic][call](callSchemas[topic][call].input.parse(input))
}
