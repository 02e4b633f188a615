import type { z } from 'zod'
import {
  type DesktopCallName,
  type DesktopCommand,
  type DesktopHandlers,
  type DesktopInput,
  desktopCallChannel,
  desktopCallNames,
  desktopCalls,
  desktopCommandChannel,
} from '../../contract/desktop.ts'
import { outcomeOf } from '../../contract/error.ts'
import { type EventSink, type IpcMain, refusal } from './labIpc.ts'
import { isTrustedSender } from './trustedSender.ts'

type InputSchemas = { readonly [C in DesktopCallName]: { readonly input: z.ZodType<DesktopInput<C>> } }
const inputSchemas: InputSchemas = desktopCalls

/** A handler for every call of the desktop's own table; each asks first who speaks. */
export function serveDesktop(ipcMain: IpcMain, handlers: DesktopHandlers): void {
  for (const call of desktopCallNames) {
    ipcMain.handle(desktopCallChannel(call), (event, input) =>
      isTrustedSender(event) ? serve(handlers, call, input) : refusal(call, event),
    )
  }
}

function serve<C extends DesktopCallName>(handlers: DesktopHandlers, call: C, input: unknown) {
  return outcomeOf(async () => handlers[call](inputSchemas[call].input.parse(input)))
}

/** What is asked of the page waits until a page listens: it loads, or loads again. */
export class PageCommands {
  #sink: EventSink | null = null
  #waiting: DesktopCommand[] = []

  send(command: DesktopCommand): void {
    if (this.#sink === null || this.#sink.isDestroyed()) this.#waiting.push(command)
    else this.#sink.send(desktopCommandChannel, command)
  }

  /** The page listens from now on. */
  attach(sink: EventSink): void {
    this.#sink = sink
    for (const command of this.#waiting.splice(0)) this.send(command)
  }

  /** The page is gone; another may come. */
  detach(): void {
    this.#sink = null
  }
}
