import { isOwnPage } from './ownPages.ts'

/** What of an IPC event tells its sender. */
export type IpcEvent = { readonly senderFrame: { readonly url: string; readonly parent: unknown } | null }

/** Only the top frame of our own page may call; a frame that navigated away meanwhile is `null`. */
export function isTrustedSender({ senderFrame }: IpcEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOwnPage(senderFrame.url)
}
