// node scripts/ordinaryUser.ts shows what the lab says of every scheme to a phone's ordinary user, and beside it what root
// has, on virtual devices; with --write it renews docs/ordinary-user.md.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SchemeId, schemeIds } from '../contract/schemes.ts'
import { buildAgent } from '../device/agent/build.ts'
import { type DeviceOptions, startDevice } from '../device/virtual/virtualDevice.ts'
import { withLastTable } from './fileStates/document.ts'
import { markdownTable } from './markdownTable.ts'
import { cellsOn, columns, documentPath, openOn } from './ordinaryUser/rows.ts'

async function lookOn(options: DeviceOptions): Promise<ReadonlyMap<SchemeId, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-ordinary-'))
  const device = await startDevice(options)
  try {
    const target = await openOn(device, folder)
    const cells = await cellsOn(target)
    await target.dispose()
    return cells
  } finally {
    await device.stop()
    rmSync(folder, { recursive: true })
  }
}

await buildAgent({ arch: 'x86_64' })
const asShell = await lookOn({ name: 'ordinary-user', user: 'shell' })
const asRoot = await lookOn({ name: 'ordinary-root', module: true })
const rows = schemeIds.map(id => [`\`${id}\``, asShell.get(id) ?? '', asRoot.get(id) ?? ''])
const table = markdownTable(columns, rows)
console.log(table)
if (process.argv.includes('--write')) {
  writeFileSync(documentPath, withLastTable(readFileSync(documentPath, 'utf8'), table))
}
