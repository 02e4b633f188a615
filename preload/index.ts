import '../contract/withoutEval.ts'
import { contextBridge, ipcRenderer } from 'electron'
import { callChannel, eventChannel } from '../contract/frame.ts'
import { createLabClient, type LabLink } from './labClient.ts'

/** Defines `window.lab` in the desktop shell; the page gets these functions and nothing of Electron. */
const link: LabLink = {
  call: (call, input) => ipcRenderer.invoke(callChannel(call), input),
  subscribe: (event, listener) => {
    const channel = eventChannel(event)
    const hear = (_event: unknown, payload: unknown) => listener(payload)
    ipcRenderer.on(channel, hear)
    return () => {
      ipcRenderer.off(channel, hear)
    }
  },
}

contextBridge.exposeInMainWorld('lab', createLabClient(link))
