import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { AdbServerClient } from '@yume-chan/adb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { suiteDevice } from '../../device/virtual/testing/testDevice.ts'
import type { VirtualDevice } from '../../device/virtual/virtualDevice.ts'
import { whyNoVirtualDevice } from '../../device/virtual/whyNoVirtualDevice.ts'
import { openDevice } from './adbDevicePort.ts'
import { connectServer, listDevices } from './adbServer.ts'
import type { DevicePort } from './devicePort.ts'

const tmp = '/data/local/tmp'
const never = new AbortController().signal

const reason = whyNoVirtualDevice()

describe.skipIf(reason !== null)(`a device over adb${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let device: VirtualDevice
  let client: AdbServerClient
  let port: DevicePort
  let folder: string

  beforeAll(async () => {
    device = await suiteDevice.start()
    client = await connectServer({ host: '127.0.0.1', port: device.adbServerPort })
    port = await openDevice(client, device.serial)
    folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-port-'))
  })

  afterAll(async () => {
    await port?.run(['sh', '-c', `umount ${tmp}/full; rm -rf ${tmp}/full ${tmp}/it*`])
    rmSync(folder, { recursive: true })
  })

  const file = (name: string, content: Uint8Array | string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const noProgress = { mode: 0o644, onBytes: () => {} }

  it('is listed as ready', async () => {
    expect(await listDevices(client)).toMatchObject([{ serial: device.serial, state: 'ready' }])
  })

  it('is not found under another serial, whatever it holds', async () => {
    for (const serial of ['other', "x'; reboot", '$(reboot)', '-s', 'a b']) {
      await expect(openDevice(client, serial)).rejects.toMatchObject({ kind: 'target-unavailable' })
    }
  })

  it('keeps output, errors and exit code apart', async () => {
    const ran = await port.run(['sh', '-c', 'echo out; echo err >&2; exit 7'])
    expect(ran).toEqual({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' })
  })

  it('tells a signal as 128 and its number', async () => {
    expect(await port.run(['sh', '-c', 'kill -SEGV $$'])).toMatchObject({ exitCode: 128 + 11 })
  })

  it('hands words over unchanged', async () => {
    const words = [
      "it's",
      '$(touch /tmp/pwned)',
      '`touch /tmp/pwned`',
      '; touch /tmp/pwned',
      'a  b',
      '"',
      '\\',
      'é',
      '*',
      '',
    ]
    const ran = await port.run(['printf', '[%s]', ...words])
    expect(ran.stdout).toBe(words.map(word => `[${word}]`).join(''))
    expect((await port.run(['test', '-e', '/tmp/pwned'])).exitCode).toBe(1)
  })

  it('passes 3 MB of binary output on unchanged', async () => {
    const child = await port.spawn(['head', '-c', '3000000', '/dev/zero'])
    let bytes = 0
    for await (const chunk of child.stdout) bytes += chunk.length
    expect(bytes).toBe(3_000_000)
    expect(await child.exit).toBe(0)
  })

  it('ends a program that waits for its input when that is closed', async () => {
    const child = await port.spawn(['cat'])
    child.closeStdin()
    expect(await text(child.stdout)).toBe('')
    expect(await child.exit).toBe(0)
  })

  it('pushes a file with progress, into a path with quotes and spaces too', async () => {
    const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => i % 251))
    const path = `/data/local/tmp/it's "a" $(test) file`
    const seen: number[] = []
    const push = {
      source: file('content', content),
      path,
      mode: 0o600,
      onBytes: (bytes: number) => seen.push(bytes),
    }
    await port.push(push, never)
    expect(seen.at(-1)).toBe(content.length)
    expect(seen.length).toBeGreaterThan(3)
    const child = await port.spawn(['cat', path])
    const chunks: Uint8Array[] = []
    for await (const chunk of child.stdout) chunks.push(chunk)
    expect(Buffer.concat(chunks).equals(content)).toBe(true)
  })

  it('says why a file cannot be pushed', async () => {
    const missing = { ...noProgress, source: join(folder, 'missing'), path: '/data/local/tmp/x' }
    await expect(port.push(missing, never)).rejects.toMatchObject({
      kind: 'bad-file',
      message: expect.stringMatching(/missing/),
    })
    const nowhere = { ...noProgress, source: file('small', 'x'), path: '/proc/no/such' }
    await expect(port.push(nowhere, never)).rejects.toMatchObject({ kind: 'bad-file' })
  })

  it('says when the device is full', async () => {
    await port.run(['mkdir', '/data/local/tmp/full'])
    await port.run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', '/data/local/tmp/full'])
    const push = {
      ...noProgress,
      source: file('large', Buffer.alloc(4_000_000, 'x')),
      path: '/data/local/tmp/full/large',
    }
    await expect(port.push(push, never)).rejects.toMatchObject({ kind: 'no-space' })
  })

  it('stops a push when cancelled, and still works', async () => {
    const abort = new AbortController()
    const push = { source: '/dev/zero', path: '/dev/null', mode: 0o644, onBytes: () => abort.abort() }
    await expect(port.push(push, abort.signal)).rejects.toMatchObject({ kind: 'cancelled' })
    expect((await port.run(['true'])).exitCode).toBe(0)
  })
})
