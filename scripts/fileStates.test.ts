import { readFileSync, rmSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { agentOnDevice, whyNoAgentDevice } from '../device/agent/test/agentOnDevice.ts'
import { findProgram } from '../device/virtual/findProgram.ts'
import { ownDevice, suiteDevice, type TestDevice } from '../device/virtual/testing/testDevice.ts'
import { documentPath } from './fileStates/document.ts'
import { type CaseDevice, caseDevices, type FileCase, fileCases, nameOf, rowOf } from './fileStates/rows.ts'
import { makeVendorFolder } from './fileStates/vendorFiles.ts'
import { lineOf } from './surroundings/document.ts'

const document = readFileSync(documentPath, 'utf8').split('\n')

const everything = process.env.DMABUF_LAB_FILE_STATES === '1'
/** What the suite has time for: those that need most of the kernel, on the device that it has anyway. */
const alwaysLookedAt: readonly FileCase['state'][] = ['encrypted', 'verity', 'fragmented']

const whyNotExt4 = whyNoAgentDevice()
const whyNotPhone = whyNotExt4 ?? whyNotAsked() ?? whyNoPrograms()
const vendorFolder = whyNotPhone === null ? makeVendorFolder() : ''
afterAll(() => rmSync(vendorFolder, { recursive: true, force: true }))

const devices: Record<CaseDevice, { device: TestDevice; why: string | null }> = {
  ext4: { device: suiteDevice, why: whyNotExt4 },
  f2fs: { device: phone('f2fs'), why: whyNotPhone },
  'f2fs-newest': { device: phone('f2fs-newest'), why: whyNotPhone },
}

function phone(name: CaseDevice): TestDevice {
  return ownDevice({ name: `${name}-test-${process.pid}`, ...caseDevices[name], vendorFolder })
}

function whyNotAsked(): string | null {
  return everything
    ? null
    : 'DMABUF_LAB_FILE_STATES=1 boots devices with f2fs and erofs, and looks at all states'
}

function whyNoPrograms(): string | null {
  if (findProgram('mkfs.f2fs') === null) return 'needs mkfs.f2fs (package f2fs-tools)'
  return findProgram('mkfs.erofs') === null ? 'needs mkfs.erofs (package erofs-utils)' : null
}

for (const name of ['ext4', 'f2fs', 'f2fs-newest'] as const) {
  const { device, why } = devices[name]
  const skipped = why === null ? '' : ` (skipped: ${why})`

  describe.skipIf(why !== null)(`what is said of a file on the device ${name}${skipped}`, () => {
    const { ask, shell } = agentOnDevice(device, 4096)
    const cases = fileCases.filter(
      each => each.device === name && (everything || alwaysLookedAt.includes(each.state)),
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
