// node scripts/surroundings.ts shows what the lab says in every condition; with --write it renews docs/surroundings.md.
// As root: it mounts file systems and makes control groups. Words choose conditions by a part of their names.
import { readFileSync, writeFileSync } from 'node:fs'
import { conditions } from './surroundings/conditions.ts'
import { documentPath, tableOf, withTable } from './surroundings/document.ts'
import { Looker } from './surroundings/look.ts'

const words = process.argv.slice(2).filter(word => !word.startsWith('--'))
const chosen = conditions.filter(({ name }) => words.length === 0 || words.some(word => name.includes(word)))
const looker = new Looker()
const rows = []
for (const condition of chosen) {
  const row = await looker.lookAt(condition)
  console.log(row.join(' | '))
  rows.push(row)
}
looker.close()
if (process.argv.includes('--write')) {
  writeFileSync(documentPath, withTable(readFileSync(documentPath, 'utf8'), tableOf(rows)))
}
