import type { Migration } from './migration.ts'

/**
 * What a person calls a run and notes down about it has a checksum, and so has each cell. Both are null where an older lab
 * stored them.
 */
export const moreChecksums: Migration = {
  version: 9,
  sql: `
    ALTER TABLE runs ADD COLUMN labelsChecksum INTEGER;
    ALTER TABLE cells ADD COLUMN checksum INTEGER;
  `,
}
