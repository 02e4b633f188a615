import type { Migration } from './migration.ts'

/**
 * What the ledger lists without reading samples.
 * - A run's labels are a person's; `tags` is JSON. `kernel`, `gatherBytes` and `searchText` repeat what stands in
 *   `plan` and `capabilities`, for filters and sorting; `searchText` is null until they are brought up to date.
 * - A discarded run is out of sight, and can be restored until it is deleted.
 * - `answers` and `cells` are worked out of samples, `changes` of `cells`. They hold for the `changedAt` that they name
 *   and are worked out anew after it. `totals` is JSON, in ns; `said` is what is shown, as JSON, and `checksum` is of it.
 * - `runsListed` has all that filtering and sorting look at: the rows themselves are long, with a plan and a machine in
 *   each, and reading on to a column behind these takes most of a second for 10,000 runs.
 * - A device's baseline goes with its run.
 */
export const ledger: Migration = {
  version: 6,
  sql: `
    ALTER TABLE runs ADD COLUMN name TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE runs ADD COLUMN discardedAt TEXT;
    ALTER TABLE runs ADD COLUMN kernel TEXT;
    ALTER TABLE runs ADD COLUMN gatherBytes INTEGER;
    ALTER TABLE runs ADD COLUMN searchText TEXT;
    CREATE INDEX runsUnsearchable ON runs (id) WHERE searchText IS NULL;

    CREATE INDEX runsListed ON runs (status, createdAt, changedAt, target, title, simulated, imported, name, tags,
      kernel, gatherBytes, searchText, uuid, deletedAt, discardedAt);

    CREATE TABLE answers (
      runId INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      changedAt TEXT NOT NULL,
      version INTEGER NOT NULL,
      fastest TEXT,
      saved REAL,
      ofCeiling REAL,
      said TEXT NOT NULL,
      checksum INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE cells (
      runId INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      scheme TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      count INTEGER NOT NULL,
      medianNs REAL NOT NULL,
      lowNs REAL NOT NULL,
      highNs REAL NOT NULL,
      confidence REAL NOT NULL,
      totals TEXT NOT NULL,
      PRIMARY KEY (runId, scheme, bytes)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX cellsOverRuns ON cells (scheme, bytes, runId);

    CREATE TABLE baselines (
      device TEXT PRIMARY KEY,
      runId INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX baselinesOfRuns ON baselines (runId);

    CREATE TABLE changes (
      runId INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      baseline INTEGER NOT NULL,
      changedAt TEXT NOT NULL,
      ratio REAL,
      slower INTEGER NOT NULL,
      faster INTEGER NOT NULL,
      said TEXT NOT NULL,
      checksum INTEGER NOT NULL
    ) STRICT;
  `,
}
