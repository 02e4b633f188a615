import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { agentOnDevice, whyNoAgentDevice } from '../device/agent/test/agentOnDevice.ts'
import { findProgram } from '../device/virtual/findProgram.ts'
import { ownDevice, suiteDevice, type TestDevice } from '../device/virtual/testing/testDevice.ts'
import { documentPath } from './fileStates/document.ts'
import { type FileCase, fileCases, nameOf, rowOf } from './fileStates/rows.ts'
import { lineOf } from './surroundings/document.ts'

const document = readFileSync(documentPath, 'utf8').split('\n')

/** The suite's own device has ext4. Another one is asked for: its boot takes as long as all of its rows. */
const devices: Record<FileCase['fileSystem'], { device: TestDevice; why: string | null }> = {
  ext4: { device: suiteDevice, why: whyNoAgentDevice() },
  f2fs: {
    device: ownDevice({ name: `f2fs-test-${process.pid}`, dataFileSystem: 'f2fs' }),
    why: whyNoAgentDevice() ?? whyNoF2fs(),
  },
}

function whyNoF2fs(): string | null {
  if (process.env.DMABUF_LAB_F2FS !== '1') return 'set DMABUF_LAB_F2FS=1 to boot a device with f2fs'
  return findProgram('mkfs.f2fs') === null ? 'needs mkfs.f2fs (package f2fs-tools)' : null
}

for (const fileSystem of ['ext4', 'f2fs'] as const) {
  const { device, why } = devices[fileSystem]
  const skipped = why === null ? '' : ` (skipped: ${why})`

  describe.skipIf(why !== null)(`what is said of a file on ${fileSystem}${skipped}`, () => {
    const { ask, shell } = agentOnDevice(device, 4096)
    const cases = fileCases.filter(each => each.fileSystem === fileSystem)

    it.each(cases.map(each => [...nameOf(each), each] as const))(
      'on %s, made %s, it is what docs/file-states.md says',
      async (on, made, fileCase) => {
        const row = await rowOf({ run: ask, shell }, fileCase)
        expect(lineOf(row)).toBe(document.find(line => line.startsWith(`| ${on} | ${made} |`)))
      },
    )
  })
}
