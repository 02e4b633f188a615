import type { z } from 'zod'
import {
  type Desktop,
  type DesktopCallName,
  type DesktopCommand,
  type DesktopInput,
  type DesktopOutput,
  desktopCallNames,
  desktopCalls,
  desktopCommandSchema,
} from '../contract/desktop.ts'
import type { Outcome } from '../contract/error.ts'
import { checkedOutcome, invokeSafely } from './labClient.ts'

/** How the desktop shell's preload reaches it. */
export type DesktopLink = {
  readonly call: (call: DesktopCallName, input: unknown) => Promise<unknown>
  readonly subscribe: (listener: (command: unknown) => void) => () => void
}

type CallFunction<C extends DesktopCallName> = (input: DesktopInput<C>) => Promise<Outcome<DesktopOutput<C>>>
type CallFunctions = { readonly [C in DesktopCallName]: CallFunction<C> }
type OutputSchemas = { readonly [C in DesktopCallName]: { readonly output: z.ZodType<DesktopOutput<C>> } }

const outputSchemas: OutputSchemas = desktopCalls

/** `window.desktop`, derived from the table of the desktop's calls. */
export function createDesktopClient(link: DesktopLink): Desktop {
  const functions = Object.fromEntries(desktopCallNames.map(call => [call, callFunction(link, call)]))
  if (!isComplete(functions)) throw new Error("the table of the desktop's calls is incomplete")
  return { ...functions, onCommand: listener => link.subscribe(command => deliver(command, listener)) }
}

function callFunction<C extends DesktopCallName>(link: DesktopLink, call: C): CallFunction<C> {
  return async input =>
    checkedOutcome(call, outputSchemas[call].output, await invokeSafely(() => link.call(call, input)))
}

function isComplete(functions: Record<string, unknown>): functions is CallFunctions {
  return desktopCallNames.every(call => functions[call] !== undefined)
}

function deliver(command: unknown, listener: (command: DesktopCommand) => void): void {
  const checked = desktopCommandSchema.safeParse(command)
  if (checked.success) listener(checked.data)
  else console.error('a command outside the contract was dropped', checked.error.issues)
}
