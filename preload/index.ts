import '../contract/withoutEval.ts'
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import {
  desktopCallChannel,
  desktopCommandChannel,
  droppedFilesChannel,
  listensChannel,
} from '../contract/desktop.ts'
import { callChannel, eventChannel } from '../contract/frame.ts'
import { createDesktopClient } from './desktopClient.ts'
import { createLabClient } from './labClient.ts'

/** Defines `window.lab` and `window.desktop`; the page gets these functions and nothing of Electron. */
contextBridge.exposeInMainWorld(
  'lab',
  createLabClient({
    call: (call, input) => ipcRenderer.invoke(callChannel(call), input),
    subscribe: (event, listener) => hear(eventChannel(event), listener),
  }),
)

contextBridge.exposeInMainWorld(
  'desktop',
  createDesktopClient({
    call: (call, input) => ipcRenderer.invoke(desktopCallChannel(call), input),
    subscribe: listener => {
      const stop = hear(desktopCommandChannel, listener)
      ipcRenderer.send(listensChannel)
      return stop
    },
  }),
)

function hear(channel: string, listener: (payload: unknown) => void): () => void {
  const onMessage = (_event: unknown, payload: unknown) => listener(payload)
  ipcRenderer.on(channel, onMessage)
  return () => {
    ipcRenderer.off(channel, onMessage)
  }
}

// A dropped file's path is read here and told to the shell alone: a page cannot name one, and a file that a script
// made up has none.
window.addEventListener('dragover', event => event.preventDefault())
window.addEventListener('drop', event => {
  if (!event.isTrusted) return
  event.preventDefault()
  const files = [...(event.dataTransfer?.files ?? [])]
  const paths = files.map(file => webUtils.getPathForFile(file)).filter(path => path !== '')
  if (paths.length > 0) ipcRenderer.send(droppedFilesChannel, paths)
})
