// node scripts/fileStates.ts shows what the lab says of a file in every state, on virtual devices with ext4, and with f2fs
// and erofs, those of Debian's newest kernel as well; with --write it renews docs/file-states.md.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { buildAgent } from '../device/agent/build.ts'
import { runAgent } from '../device/agent/test/agentRun.ts'
import { adbEnvironment, runAdb } from '../device/virtual/adbProgram.ts'
import { startDevice } from '../device/virtual/virtualDevice.ts'
import { documentPath, withLastTable } from './fileStates/document.ts'
import {
  type AgentPlace,
  type CaseDevice,
  caseDevices,
  columns,
  fileCases,
  type Row,
  rowOf,
} from './fileStates/rows.ts'
import { makeVendorFolder } from './fileStates/vendorFiles.ts'
import { markdownTable } from './markdownTable.ts'
import { lineOf } from './surroundings/document.ts'

const agent = '/data/local/tmp/dmabuf-lab-agent'

async function withDevice(
  { name, vendorFolder }: { name: CaseDevice; vendorFolder: string },
  look: (place: AgentPlace) => Promise<void>,
): Promise<void> {
  const device = await startDevice({ name: `file-states-${name}`, ...caseDevices[name], vendorFolder })
  try {
    const adb = (...words: string[]) => runAdb(device.adb, ['-s', device.serial, ...words])
    await adb('push', await buildAgent({ arch: 'x86_64' }), agent)
    const prefix = [device.adb.program, '-s', device.serial, 'shell']
    const command = { binary: agent, prefix, env: adbEnvironment(device.adb) }
    const shell = async (line: string) => (await adb('shell', line)).stdout.toString().trim()
    await look({ run: words => runAgent(command, words), shell })
  } finally {
    await device.stop()
  }
}

const rows: Row[] = []
const vendorFolder = makeVendorFolder()
try {
  for (const name of ['ext4', 'f2fs', 'f2fs-newest'] as const) {
    await withDevice({ name, vendorFolder }, async place => {
      for (const fileCase of fileCases.filter(each => each.device === name)) {
        const row = await rowOf(place, fileCase)
        console.log(lineOf(row))
        rows.push(row)
      }
    })
  }
} finally {
  rmSync(vendorFolder, { recursive: true })
}
if (process.argv.includes('--write')) {
  writeFileSync(documentPath, withLastTable(readFileSync(documentPath, 'utf8'), markdownTable(columns, rows)))
}
