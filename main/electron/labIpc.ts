import { callNames, eventNames } from '../../contract/calls.ts'
import { LabFailure, outcomeOf } from '../../contract/error.ts'
import { callChannel, eventChannel } from '../../contract/frame.ts'
import type { LabApplication } from '../lab/lab.ts'
import { serveCall } from '../lab/serveCall.ts'
import { type IpcEvent, isTrustedSender } from './trustedSender.ts'

/** What of Electron's ipcMain is used. */
export type IpcMain = {
  readonly handle: (
    channel: string,
    listener: (event: IpcEvent, input: unknown) => Promise<unknown>,
  ) => unknown
}

/** What of a window's webContents is used. */
export type EventSink = {
  readonly send: (channel: string, payload: unknown) => void
  readonly isDestroyed: () => boolean
}

/** A handler for every call of the table; each asks first who speaks, then waits for the lab to be open. */
export function serveIpc(ipcMain: IpcMain, lab: Promise<Pick<LabApplication, 'handlers'>>): void {
  for (const name of callNames) {
    ipcMain.handle(callChannel(name), async (event, input) =>
      isTrustedSender(event) ? serveCall((await lab).handlers, name, input) : refusal(name, event),
    )
  }
}

/** Sends every event to the window's page. Returns the unsubscribe. */
export function forwardEvents(lab: Pick<LabApplication, 'on'>, sink: EventSink): () => void {
  const unsubscribes = eventNames.map(event =>
    lab.on(event, payload => {
      if (!sink.isDestroyed()) sink.send(eventChannel(event), payload)
    }),
  )
  return () => {
    for (const unsubscribe of unsubscribes) unsubscribe()
  }
}

/** What a stranger gets. */
export function refusal(call: string, { senderFrame }: IpcEvent) {
  const message = `${call} was refused to ${senderFrame?.url ?? 'a page that is gone'}`
  console.error(message)
  return outcomeOf(() => {
    throw new LabFailure({ kind: 'forbidden', message, hint: 'Only the lab’s own page may call it.' })
  })
}
