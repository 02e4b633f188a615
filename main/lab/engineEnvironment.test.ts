import { expect, test } from 'vitest'
import { engineEnvironment } from './engineEnvironment.ts'

test('what would change an engine is left out, on every platform and in every spelling', () => {
  const hostile = {
    NODE_OPTIONS: '1',
    Node_Options: '1',
    LD_PRELOAD: '1',
    ELECTRON_RUN_AS_NODE: '1',
    npm_config_x: '1',
  }
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    expect(engineEnvironment(hostile, platform)).toEqual({})
  }
})

test('an engine shares the compiled modules of the shell that starts it', () => {
  expect(engineEnvironment({ NODE_COMPILE_CACHE: '/cache' }, 'linux')).toEqual({
    NODE_COMPILE_CACHE: '/cache',
  })
})

test('Windows keeps its variables as it spells them', () => {
  const windows = {
    Path: 'C:\\Windows',
    SystemRoot: 'C:\\Windows',
    USERPROFILE: 'C:\\Users\\ada',
    TEMP: 'C:\\Temp',
    LocalAppData: 'C:\\Users\\ada\\AppData\\Local',
  }
  expect(engineEnvironment(windows, 'win32')).toEqual(windows)
  expect(engineEnvironment({ Path: '/own', PATH: '/usr/bin' }, 'linux')).toEqual({ PATH: '/usr/bin' })
})
