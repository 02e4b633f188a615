import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { checksumOf } from './checksum.ts'
import { prepared } from './statements.ts'

/**
 * The columns that each checksum of a run's row is of. What changes with every sample is apart from what the probe found,
 * which is ten times as long; a person's labels are part of no measurement.
 */
const checkedColumns = {
  checksum: [
    'id',
    'uuid',
    'createdAt',
    'endedAt',
    'changedAt',
    'status',
    'reason',
    'target',
    'title',
    'simulated',
    'imported',
    'sizesBytes',
    'plan',
    'samplesPlanned',
    'samplesDone',
    'samplesFailed',
    'samplesStored',
  ],
  foundChecksum: ['id', 'labVersion', 'ceiling', 'capabilities', 'capabilitiesAfter', 'identity'],
  labelsChecksum: ['id', 'name', 'note', 'tags', 'discardedAt'],
} as const

export type RunPart = keyof typeof checkedColumns
/** Where one of them is damaged, the run is. */
export const runParts: readonly RunPart[] = ['checksum', 'foundChecksum']
export const allParts: readonly RunPart[] = [...runParts, 'labelsChecksum']

const rowSchema = z.record(z.string(), z.unknown())

/** Whether a part of a row is what was stored, as far as its lab noted that down. `row` has the columns of the part. */
export function isIntactRun(row: unknown, part: RunPart): boolean {
  const columns = rowSchema.parse(row)
  return columns[part] === null || columns[part] === undefined || columns[part] === sumOf(columns, part)
}

function sumOf(row: Readonly<Record<string, unknown>>, part: RunPart): number {
  return checksumOf(checkedColumns[part].map(name => row[name]))
}

/** Names of the columns to select for {@link isIntactRun}. */
export function columnsToCheck(parts: readonly RunPart[]): string[] {
  return parts.flatMap(part => [part, ...checkedColumns[part]])
}

function selectToCheck(parts: readonly RunPart[]): string {
  return `SELECT ${[...new Set(columnsToCheck(parts))].join(', ')} FROM runs WHERE id = ?`
}

/**
 * Does what changes some parts of a run's row, and gives them their checksums anew. A part that was damaged before keeps
 * the one that does not match: a change is no cure. Callers hold the transaction.
 */
export function changeSealed<T>(
  db: Database,
  { runId, parts }: { runId: number; parts: readonly RunPart[] },
  work: () => T,
): T {
  const select = prepared(db, selectToCheck(parts))
  const before = select.get(runId)
  const result = work()
  if (before !== undefined) {
    seal(
      db,
      runId,
      parts.filter(part => isIntactRun(before, part)),
    )
  }
  return result
}

/** Gives parts of a run's row the checksums of what they are now. */
export function seal(db: Database, runId: number, parts: readonly RunPart[] = allParts): void {
  if (parts.length === 0) return
  const row = rowSchema.parse(prepared(db, selectToCheck(parts)).get(runId))
  const sums = Object.fromEntries(parts.map(part => [part, sumOf(row, part)]))
  const assignments = parts.map(part => `${part} = :${part}`).join(', ')
  prepared(db, `UPDATE runs SET ${assignments} WHERE id = :runId`).run({ ...sums, runId })
}
