/**
 * Writes docs/kernel-or-user-space.md from the runs of one database, and beside it a CSV with every sample. The same
 * runs give the same document.
 *
 *   node scripts/kernelOrUserSpace.ts --db FILE             from the runs that are there
 *   node scripts/kernelOrUserSpace.ts --db FILE --measure   makes them first, on virtual devices: half an hour
 */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openNamedStore } from '../db/openStore.ts'
import { isOfArgument, meetingsOf } from './kernelOrUserSpaceMeetings.ts'
import { reportOf, samplesCsv } from './kernelOrUserSpaceReport.ts'
import { makeRuns } from './kernelOrUserSpaceRuns.ts'

const documents = new URL('../docs/', import.meta.url)

const { values } = parseArgs({ options: { db: { type: 'string' }, measure: { type: 'boolean' } } })
if (values.db === undefined) {
  process.stderr.write('usage: node scripts/kernelOrUserSpace.ts --db FILE [--measure]\n')
  process.exit(2)
}
const file = resolve(values.db)
if (values.measure) await makeRuns(file)

const store = openNamedStore(file)
const found = store.runs
  .listRuns()
  .map(({ id }) => store.runs.getRun(id))
  .filter(isOfArgument)
  .sort((a, b) => a.run.createdAt.localeCompare(b.run.createdAt))
store.close()
if (meetingsOf(found).length === 0) {
  process.stderr.write(`${file} holds no run that sets the module beside user space; --measure makes them\n`)
  process.exit(1)
}
writeFileSync(new URL('kernel-or-user-space.md', documents), reportOf(found))
writeFileSync(new URL('kernel-or-user-space.csv', documents), samplesCsv(found))
