import type { Session, WebContents } from 'electron'
import { isOwnPage } from './ownPages.ts'

type Preventable = { readonly preventDefault: () => void }

/** What of a page's webContents is used here. */
export type LockableContents = Pick<WebContents, 'setWindowOpenHandler'> & {
  on(event: 'will-navigate', listener: (event: Preventable) => void): unknown
  on(event: 'will-redirect', listener: (event: Preventable) => void): unknown
  on(event: 'will-frame-navigate', listener: (event: Preventable) => void): unknown
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown
}

export type LockableSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
> & {
  on(event: 'will-download', listener: (event: Preventable) => void): unknown
  readonly webRequest: {
    readonly onBeforeRequest: (
      listener: (details: { readonly url: string }, callback: (answer: { cancel: boolean }) => void) => void,
    ) => void
  }
}

/** No page of ours navigates, opens windows or embeds others; it is loaded once and stays. */
export function lockContents(contents: LockableContents): void {
  contents.on('will-navigate', deny('a navigation'))
  contents.on('will-redirect', deny('a redirect'))
  contents.on('will-frame-navigate', deny("a frame's navigation"))
  contents.on('will-attach-webview', deny('a webview'))
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** No permission, no device, no download (exports are saved by the shell), and no request that leaves the application. */
export function lockSession(session: LockableSession): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', deny('a download'))
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !staysInside(url) }))
}

/** `blob:` and `data:` are downloads and images that the page itself made. */
function staysInside(url: string): boolean {
  return isOwnPage(url) || /^(blob|data|devtools):/.test(url)
}

const deny = (what: string) => (event: Preventable) => {
  console.error(`${what} was refused`)
  event.preventDefault()
}
