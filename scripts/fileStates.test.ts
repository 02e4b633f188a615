import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { MadeState } from '../contract/plan.ts'
import { agentOnDevice, whyNoAgentDevice } from '../device/agent/test/agentOnDevice.ts'
import { findProgram } from '../device/virtual/findProgram.ts'
import { ownDevice, suiteDevice, type TestDevice } from '../device/virtual/testing/testDevice.ts'
import { documentPath } from './fileStates/document.ts'
import { type FileCase, fileCases, nameOf, rowOf } from './fileStates/rows.ts'
import { lineOf } from './surroundings/document.ts'

const document = readFileSync(documentPath, 'utf8').split('\n')

const everything = process.env.DMABUF_LAB_FILE_STATES === '1'
/** What the suite has time for: those that need most of the kernel, on the device that it has anyway. */
const alwaysLookedAt: readonly MadeState[] = ['encrypted', 'verity', 'fragmented']

const devices: Record<FileCase['fileSystem'], { device: TestDevice; why: string | null }> = {
  ext4: { device: suiteDevice, why: whyNoAgentDevice() },
  f2fs: {
    device: ownDevice({ name: `f2fs-test-${process.pid}`, dataFileSystem: 'f2fs' }),
    why: whyNoAgentDevice() ?? whyNoF2fs(),
  },
}

function whyNoF2fs(): string | null {
  if (!everything) return 'DMABUF_LAB_FILE_STATES=1 boots a device with f2fs, and looks at all states'
  return findProgram('mkfs.f2fs') === null ? 'needs mkfs.f2fs (package f2fs-tools)' : null
}

for (const fileSystem of ['ext4', 'f2fs'] as const) {
  const { device, why } = devices[fileSystem]
  const skipped = why === null ? '' : ` (skipped: ${why})`

  describe.skipIf(why !== null)(`what is said of a file on ${fileSystem}${skipped}`, () => {
    const { ask, shell } = agentOnDevice(device, 4096)
    const cases = fileCases.filter(
      each => each.fileSystem === fileSystem && (everything || alwaysLookedAt.includes(each.state)),
    )

    it.each(cases.map(each => [...nameOf(each), each] as const))(
      'on %s, made %s, it is what docs/file-states.md says',
      async (on, made, fileCase) => {
        const row = await rowOf({ run: ask, shell }, fileCase)
        expect(lineOf(row)).toBe(document.find(line => line.startsWith(`| ${on} | ${made} |`)))
      },
    )
  })
}
