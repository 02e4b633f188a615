import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sample, sampleKey } from '../contract/sample.ts'
import { type SchemeId, schemeIds } from '../contract/schemes.ts'
import { MiB } from '../contract/size.ts'
import { whyNoAgentDevice } from '../device/agent/test/agentOnDevice.ts'
import { runAdb } from '../device/virtual/adbProgram.ts'
import { ownDevice } from '../device/virtual/testing/testDevice.ts'
import { virtualPhone } from '../device/virtual/testing/virtualPhone.ts'
import type { VirtualDevice } from '../device/virtual/virtualDevice.ts'
import type { Target } from '../engine/targets/target.ts'
import { recordRun } from '../engine/targets/testing/recordRun.ts'
import { cellsOn, documentPath, openOn } from './ordinaryUser/rows.ts'

/** Room for loads of a few MiB beside adbd and the agent, and not for those that are to be killed. */
const memoryGroupBytes = 40 * MiB
/** What is to be killed, and little more: it is written, and filled up, under emulation. */
const dataBytes = 80 * MiB
const testDevice = ownDevice({
  name: `ordinary-test-${process.pid}`,
  user: 'shell',
  memoryMiB: 512,
  dataBytes,
  memoryGroupBytes,
  deniedPaths: ['/sys/module/udmabuf'],
  disk: 'nvme',
})
const scope = { directory: null, heap: 'system' }
const never = new AbortController().signal
const isLoaded = ({ status }: Sample) => status === 'ok'

const reason = whyNoAgentDevice()

describe.skipIf(reason !== null)(`an ordinary user${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let device: VirtualDevice
  let folder: string
  let target: Target

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-ordinary-'))
    device = await testDevice.start()
    target = await openOn(device, folder)
  })
  afterAll(async () => {
    await target?.dispose()
    await testDevice.end()
    rmSync(folder, { recursive: true })
  })

  /** Output and errors of a command there. */
  const shell = async (line: string) => {
    const { stdout, stderr } = await runAdb(device.adb, ['-s', device.serial, 'shell', line])
    return `${stdout}${stderr}`.trim()
  }

  it('is the shell of a phone', async () => {
    expect(await shell('id')).toMatch(/^uid=2000\(shell\) gid=2000\(shell\) groups=.*3009\(readproc\)/)
    expect(await shell('getprop ro.build.version.sdk; getprop ro.debuggable')).toBe('35\n0')
    expect(await shell('stat -c "%a %U" /dev/dma_heap/system /dev/udmabuf')).toBe('444 system\n600 root')
    expect(await shell('echo 3 >/proc/sys/vm/drop_caches')).toMatch(/Permission denied/)
    expect(await shell('touch /data/x /data/local/tmp/x; rm /data/local/tmp/x')).toMatch(
      /^touch: '\/data\/x': Permission denied$/,
    )
    const found = await shell('for name in su busybox dd toybox getprop; do command -v $name; done')
    expect(found.split('\n')).toEqual(['dd', 'toybox', 'getprop'].map(name => `/system/bin/${name}`))
  })

  it('is denied by policy what its modes admit', async () => {
    const limit = '/sys/module/udmabuf/parameters/list_limit'
    expect(await shell(`stat -c %a ${limit}`)).toBe('644')
    expect(await shell(`cat ${limit}`)).toMatch(/Permission denied/)
  })

  it('is told of every scheme what docs/ordinary-user.md says', async () => {
    const document = readFileSync(documentPath, 'utf8').split('\n')
    const cells = await cellsOn(target)
    for (const id of schemeIds) {
      const line = document.find(each => each.startsWith(`| \`${id}\` | `)) ?? ''
      expect(line.split(' | ')[1], id).toBe(cells.get(id))
    }
  })

  it('is told of a file on /sdcard that FUSE hides where its bytes were', async () => {
    const file = '/sdcard/film.bin'
    // Written page by page: FUSE takes no more at a time.
    const fileBytes = MiB
    expect(await shell('readlink -f /sdcard; stat -c "%a %U %G" /sdcard/; ls /data/media')).toBe(
      '/storage/emulated/0\n770 media_rw sdcard_rw\nls: /data/media: Permission denied',
    )
    await shell(`dd if=/dev/urandom of=${file} bs=65536 count=${fileBytes / 65536}`)
    const readBytes = async () => 512 * Number((await shell('grep nvme0n1 /proc/diskstats')).split(/\s+/)[5])
    const readBefore = await readBytes()
    const document = readFileSync(documentPath, 'utf8').split('\n')
    const cells = await cellsOn(target, { schemes: ['memfd-buffered', 'memfd-direct'], file })
    for (const [id, cell] of cells) expect(document).toContain(`| on /sdcard: \`${id}\` | ${cell} |`)
    expect(cells.size).toBe(2)
    // The page cache of the data partition had them: not even the direct load came from the disk.
    expect((await readBytes()) - readBefore).toBeLessThan(fileBytes)
    await shell(`rm ${file}`)
  })

  it('is told what it cannot see, and what root would do', async () => {
    const { environment, notes } = await target.probe(scope, never)
    expect(environment).toMatchObject({
      root: false,
      android: virtualPhone,
      blockDevice: '/dev/nvme0n1',
      udmabufSizeLimitMiB: null,
      frequenciesKhz: [],
      limits: {
        memoryBytes: null,
        memoryUntold: 'EACCES on /sys/fs/cgroup/adb/memory.max',
        processorPercentUntold: 'EACCES on /sys/fs/cgroup/adb/cpu.max',
      },
    })
    expect(notes).toContainEqual(expect.stringMatching(/^Root would drop all caches/))
    expect(notes).toContainEqual(
      expect.stringMatching(/^Whether a control group limits memory cannot be told here \(EACCES/),
    )
  })

  it('keeps a run going whose load is killed for memory', async () => {
    const bytes = memoryGroupBytes + 4 * MiB
    const schemes: SchemeId[] = ['memfd-buffered', 'normal']
    const plan = { schemes, sizesBytes: [bytes], repeats: 1, warmups: 0, ceiling: false }
    const { ended, samples } = await recordRun(target, plan)
    expect(ended).toMatchObject({ status: 'finished' })
    const [killed] = samples.filter(sample => sample.scheme === 'memfd-buffered')
    const [loaded] = samples.filter(sample => sample.scheme === 'normal')
    expect(killed).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/SIGKILL, as the kernel does when memory runs out/),
    })
    expect(loaded).toMatchObject({ status: 'ok', verified: true })
    // Resumed, while the limit is as it was: what failed alone is tried again.
    const resumed = await recordRun(target, plan, { doneKeys: samples.filter(isLoaded).map(sampleKey) })
    expect(resumed.ended).toMatchObject({ status: 'finished' })
    expect(resumed.samples).toMatchObject([
      { scheme: 'memfd-buffered', status: 'failed', reason: killed?.reason },
    ])
  })

  it('is refused what a full partition does not hold, and loads what is there', async () => {
    const file = join(folder, 'large')
    writeFileSync(file, '')
    truncateSync(file, dataBytes)
    const pushed = target.adopt(file, () => {}, never)
    await expect(pushed).rejects.toMatchObject({
      kind: 'no-space',
      message: expect.stringMatching(/80MiB .* does not fit into the free space of .* on the device$/),
    })
    const there = '/data/local/tmp/filler'
    await shell(`dd if=/dev/zero of=${there} bs=65536`)
    const full = target.prepare({ directory: null, bytes: 48 * MiB, seed: 2 }, () => {}, never)
    await expect(full).rejects.toMatchObject({ kind: 'no-space' })
    const plan = { schemes: ['memfd-direct' as const], sizesBytes: [4 * MiB], file: there, repeats: 1 }
    const { samples } = await recordRun(target, { ...plan, warmups: 0, ceiling: false })
    expect(samples).toMatchObject([{ status: 'ok', verified: true, cold: true, direct: true }])
    await shell(`rm ${there}`)
  })

  it('finds nothing of the lab there after a cleaning', async () => {
    const made = await target.clean({ directories: [], remove: true }, never)
    expect(made.map(({ kind }) => kind)).toContain('generated')
    await target.dispose()
    expect(await shell('ls -A /data/local/tmp')).toBe('')
    target = await openOn(device, folder)
  })
})
