import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DeviceState } from './deviceState.ts'
import { instanceFolder, readEmulator, readState, writeState } from './deviceState.ts'
import { deviceStatus } from './virtualDevice.ts'

let cache = ''
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'device-state-'))
})
afterEach(() => rm(cache, { recursive: true }))

const state: DeviceState = {
  version: 1,
  name: 'test',
  emulator: { pid: process.pid, startTicks: '1' },
  serial: '127.0.0.1:5637',
  devicePort: 5637,
  adbProgram: '/usr/bin/adb',
  adbLibraryPath: null,
  adbServerPort: 5137,
  arch: 'amd64',
  kernelRelease: '6.12',
  kernelBuildTree: null,
  flavour: 'cloud',
  disk: 'virtio',
  diskLatencyMs: null,
  vendorFolder: null,
  user: 'root',
  memoryGroupBytes: null,
  deniedPaths: [],
  dataFileSystem: 'ext4',
  diskBytesPerSecond: 500_000_000,
  memoryMiB: 2048,
  startedAt: '2026-01-02T03:04:05.678Z',
  module: null,
}

test('a state is read back as it was written', async () => {
  const folder = instanceFolder(cache, 'test')
  await writeState(folder, state)
  expect(await readState(folder)).toEqual(state)
})

test.each(['', '{', '{"version":2}'])('a damaged or newer state counts as none: %j', async text => {
  const folder = instanceFolder(cache, 'test')
  await writeState(folder, state)
  await writeFile(join(folder, 'state.json'), text)
  expect(await readState(folder)).toBeNull()
})

test('the emulator of a state of another version is still found', async () => {
  const folder = instanceFolder(cache, 'test')
  await writeState(folder, state)
  await writeFile(join(folder, 'state.json'), JSON.stringify({ version: 7, emulator: state.emulator }))
  expect(await readEmulator(folder)).toEqual(state.emulator)
})

test('a state whose process id belongs to another process now is stale', async () => {
  await writeState(instanceFolder(cache, 'test'), state)
  expect(await deviceStatus('test', cache)).toMatchObject({ running: false })
})

test.each(['../x', '', 'a b', '-x', 'A'])('a device name cannot leave the cache folder: %j', name => {
  expect(() => instanceFolder(cache, name)).toThrow('not a device name')
})
