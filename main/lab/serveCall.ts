import type { z } from 'zod'
import {
  type CallInput,
  type CallName,
  type CallOutput,
  type CheckedInput,
  callNames,
  calls,
  type LabHandlers,
} from '../../contract/calls.ts'
import { fail, LabFailure, type Outcome, outcomeOf } from '../../contract/error.ts'

type CallSchemas = {
  readonly [C in CallName]: {
    readonly input: z.ZodType<CheckedInput<C>>
    readonly output: z.ZodType<CallOutput<C>>
  }
}
const schemas: CallSchemas = calls

/** The one way every shell serves a call: name and input are a stranger's, the outcome is inside the contract. */
export function serveCall(handlers: LabHandlers, name: string, input: unknown): Promise<Outcome<unknown>> {
  return outcomeOf(() => {
    const call = callNames.find(candidate => candidate === name)
    if (call === undefined) fail('bad-input', `there is no call "${name.slice(0, 64)}"`, 'Update the caller.')
    return parseAndCall(handlers, call, input)
  })
}

/** The same inside one process, where the caller's types are ours. @throws LabFailure. */
export async function callLab<C extends CallName>(
  handlers: LabHandlers,
  call: C,
  input: CallInput<C>,
): Promise<CallOutput<C>> {
  return parseAndCall(handlers, call, input)
}

async function parseAndCall<C extends CallName>(
  handlers: LabHandlers,
  call: C,
  input: unknown,
): Promise<CallOutput<C>> {
  const result = await handlers[call](schemas[call].input.parse(input))
  const output = schemas[call].output.safeParse(result)
  if (output.success) return output.data
  throw new LabFailure(
    {
      kind: 'internal',
      message: `the lab answered ${call} outside the contract: ${output.error.issues[0]?.message ?? ''}`,
      hint: 'This is a fault of the lab. Please report it.',
    },
    { cause: output.error },
  )
}
