import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MiB } from '../../contract/size.ts'
import { runAdb } from './adbProgram.ts'
import { archivesIn } from './aptPackages.ts'
import { defaultCacheFolder, instanceFolder } from './deviceState.ts'
import { ensureGuestKernel } from './guestKernel.ts'
import { isAlive } from './processIdentity.ts'
import type { VirtualDevice } from './virtualDevice.ts'
import { deviceStatus, startDevice } from './virtualDevice.ts'
import { whyNoVirtualDevice } from './whyNoVirtualDevice.ts'

const CEILING_BYTES_PER_SECOND = 50_000_000
const name = `test-${process.pid}`
const options = { name, memoryMiB: 512, dataBytes: 256 * MiB, diskBytesPerSecond: CEILING_BYTES_PER_SECOND }
const reason = whyNoVirtualDevice()

describe.skipIf(reason !== null)(`virtual device${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let device: VirtualDevice

  beforeAll(async () => {
    device = await startDevice(options)
  })
  afterAll(async () => {
    await device?.stop()
    await rm(instanceFolder(defaultCacheFolder(), name), { recursive: true, force: true })
  })

  const shell = async (command: string) => {
    const result = await runAdb(device.adb, ['-s', device.serial, 'shell', command])
    return { ...result, text: result.stdout.toString('utf8').trim() }
  }

  test('has what the schemes of a stock kernel need', async () => {
    const listing = await shell('ls /dev/dma_heap/system /dev/udmabuf; stat -f -c %T /data/local/tmp')
    expect(listing.text.split(/\s+/)).toEqual(['/dev/dma_heap/system', '/dev/udmabuf', 'ext2/ext3'])
    expect((await shell('cat /sys/module/udmabuf/parameters/size_limit_mb')).text).toBe('64')
  })

  test('keeps exit codes and binary streams intact', async () => {
    expect((await shell('exit 7')).exitCode).toBe(7)
    const bytes = await runAdb(device.adb, ['-s', device.serial, 'exec-out', 'printf "\\0\\r\\n\\377"'])
    expect([...bytes.stdout]).toEqual([0, 13, 10, 255])
  })

  test('reads from the data disk no faster than its ceiling', async () => {
    const megabytes = 48
    await shell(`dd if=/dev/zero of=/data/local/tmp/file bs=1M count=${megabytes} conv=fsync 2>/dev/null`)
    const uptimes = await shell(
      'echo 3 >/proc/sys/vm/drop_caches; read begin idle </proc/uptime; ' +
        'cat /data/local/tmp/file >/dev/null; read end idle </proc/uptime; echo $begin $end',
    )
    const [begin, end] = uptimes.text.split(' ').map(Number)
    if (begin === undefined || end === undefined) throw new Error(`no uptime in "${uptimes.text}"`)
    const bytesPerSecond = (megabytes * MiB) / (end - begin)
    // The throttle lets a tenth of a second's worth through at once.
    expect(bytesPerSecond).toBeLessThan(CEILING_BYTES_PER_SECOND * 1.25)
  })

  test('listens on loopback only', async () => {
    const sockets = await readFile('/proc/net/tcp', 'utf8')
    const port = device.state.devicePort.toString(16).toUpperCase().padStart(4, '0')
    const listening = sockets.split('\n').filter(line => line.includes(`:${port} 00000000:0000 0A`))
    expect(listening).toHaveLength(1)
    expect(listening[0]).toContain(` 0100007F:${port} `)
  })

  test('a second start finds it running, from this process or at the same time', async () => {
    const both = await Promise.all([startDevice(options), startDevice(options)])
    expect(both.map(other => other.state.emulator)).toEqual([device.state.emulator, device.state.emulator])
    expect(both.every(other => other.wasRunning)).toBe(true)
  })

  test('a start whose adb server is gone connects again', async () => {
    await runAdb(device.adb, ['kill-server'])
    device = await startDevice(options)
    expect(device.wasRunning).toBe(true)
    expect((await shell('echo back')).text).toBe('back')
  })

  test("status tells a killed emulator from a running one, and a start recovers, with a kernel of the user's own", async () => {
    expect(await deviceStatus(name)).toMatchObject({ running: true, answering: true })
    process.kill(device.state.emulator.pid, 'SIGKILL')
    await expect.poll(() => isAlive(device.state.emulator)).toBe(false)
    expect(await deviceStatus(name)).toMatchObject({ running: false })
    await runAdb(device.adb, ['kill-server'])
    const cache = defaultCacheFolder()
    const debian = await ensureGuestKernel(cache, 'cloud', archivesIn(cache))
    const ownKernel = { file: debian.vmlinuz, modulesFolder: debian.modulesFolder }
    device = await startDevice({ ...options, ownKernel })
    expect(device.state).toMatchObject({ flavour: null, kernelRelease: debian.release })
    expect((await shell('uname -r')).text).toBe(debian.release)
  })

  test('stop leaves no process and no state', async () => {
    await device.stop()
    expect(isAlive(device.state.emulator)).toBe(false)
    expect(await deviceStatus(name)).toEqual({ running: false, name, reason: 'not started' })
    await expect(readFile(join(instanceFolder(defaultCacheFolder(), name), 'data.img'))).rejects.toThrow(
      'ENOENT',
    )
  })

  test('a guest that does not come up leaves none either, but its console', async () => {
    const start = startDevice({ ...options, kernelArguments: 'rdinit=/no-such-program' })
    const hint = expect.stringMatching(/console\.log/)
    await expect(start).rejects.toMatchObject({ kind: 'target-unavailable', hint })
    expect(await deviceStatus(name)).toEqual({ running: false, name, reason: 'not started' })
    expect(await processesOn(instanceFolder(defaultCacheFolder(), name))).toEqual([])
  })
})

/** The command lines that name a file in the folder. */
async function processesOn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter(entry => /^\d+$/.test(entry))
  const lines = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter(line => line.includes(`${folder}/`))
}
