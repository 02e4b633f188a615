import { expect, test } from 'vitest'
import { windowOptions } from './mainWindow.ts'

test('the page is sandboxed, isolated and without Node', () => {
  expect(windowOptions('/out/preload/index.cjs').webPreferences).toMatchObject({
    preload: '/out/preload/index.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  })
})
