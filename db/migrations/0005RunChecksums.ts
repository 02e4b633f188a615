import type { Migration } from './migration.ts'

/**
 * A run's row has two checksums: `checksum` of what the history shows and a run changes, `foundChecksum` of what it was
 * measured with. `samplesStored` counts the rows of its samples, so that one that is missing is missed. All three are null
 * where an older lab stored the run.
 */
export const runChecksums: Migration = {
  version: 5,
  sql: `
    ALTER TABLE runs ADD COLUMN samplesStored INTEGER;
    ALTER TABLE runs ADD COLUMN checksum INTEGER;
    ALTER TABLE runs ADD COLUMN foundChecksum INTEGER;
  `,
}
