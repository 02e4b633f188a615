import type { Migration } from './migration.ts'

/**
 * - A run's owner is known by a lock that its process holds, `ownerLock`: a pid says nothing in another pid namespace.
 * - `identity` is JSON and tells a machine and a file from others of their kind; null where an older lab stored the run.
 * - A target is claimed by what measures on it, run or ceiling (`runId` is null), in one row.
 * - Each sample has a checksum of its row and one of its spans; null where an older lab stored it.
 * - A run that is being deleted is out of sight from the first moment on, and goes in slices.
 */
export const heldLocks: Migration = {
  version: 2,
  sql: `
    ALTER TABLE runs DROP COLUMN ownerStartTicks;
    ALTER TABLE runs ADD COLUMN ownerLock TEXT;
    ALTER TABLE runs ADD COLUMN identity TEXT;
    ALTER TABLE runs ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN deletedAt TEXT;
    ALTER TABLE samples ADD COLUMN checksum INTEGER;
    ALTER TABLE samples ADD COLUMN spansChecksum INTEGER;

    CREATE TABLE claims (
      target TEXT PRIMARY KEY,
      runId INTEGER,
      ownerPid INTEGER NOT NULL,
      ownerBootId TEXT,
      ownerLock TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
