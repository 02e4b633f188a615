import type { Migration } from './migration.ts'

/**
 * Runs, samples and spans. Columns carry the contract's names, so that a figure is called the same everywhere.
 * - Ids are AUTOINCREMENT: the id of a deleted run is never given to another one.
 * - `plan`, `capabilities`, `capabilitiesAfter`, `ceiling`, `marks`, `figures`, `sizesBytes` are JSON.
 * - Counts live in the run's row, so the history never scans samples.
 * - A cancelled sample may be measured again when the run is resumed; any other key exists once.
 * - Spans are clustered by sample: WITHOUT ROWID makes the primary key the table, and one read gets them all.
 */
export const initial: Migration = {
  version: 1,
  sql: `
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      uuid TEXT NOT NULL UNIQUE,
      createdAt TEXT NOT NULL,
      endedAt TEXT,
      changedAt TEXT NOT NULL,
      status TEXT NOT NULL,
      reason TEXT NOT NULL,
      target TEXT NOT NULL,
      title TEXT NOT NULL,
      simulated INTEGER NOT NULL,
      labVersion TEXT NOT NULL,
      samplesPlanned INTEGER NOT NULL,
      samplesDone INTEGER NOT NULL,
      samplesFailed INTEGER NOT NULL,
      ownerPid INTEGER,
      ownerStartTicks INTEGER,
      ownerBootId TEXT,
      sizesBytes TEXT NOT NULL,
      plan TEXT NOT NULL,
      ceiling TEXT,
      capabilities TEXT,
      capabilitiesAfter TEXT
    ) STRICT;

    CREATE INDEX runsRunning ON runs (status) WHERE status = 'running';

    CREATE TABLE samples (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      runId INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      "index" INTEGER NOT NULL,
      scheme TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      repeat INTEGER NOT NULL,
      warmup INTEGER NOT NULL,
      status TEXT NOT NULL,
      reason TEXT NOT NULL,
      totalNs INTEGER,
      openNs INTEGER,
      allocNs INTEGER,
      mapNs INTEGER,
      createNs INTEGER,
      readNs INTEGER,
      closeNs INTEGER,
      firstGatherNs INTEGER,
      remainingAllocNs INTEGER,
      gatherBytes INTEGER,
      readers INTEGER,
      cold INTEGER NOT NULL,
      direct INTEGER NOT NULL,
      verified INTEGER NOT NULL,
      simulated INTEGER NOT NULL,
      throughput REAL,
      ofCeiling REAL,
      marks TEXT NOT NULL,
      figures TEXT NOT NULL,
      UNIQUE (runId, "index")
    ) STRICT;

    CREATE UNIQUE INDEX samplesKey ON samples (runId, scheme, bytes, warmup, repeat)
      WHERE status <> 'cancelled';

    CREATE TABLE spans (
      sampleId INTEGER NOT NULL REFERENCES samples (id) ON DELETE CASCADE,
      "index" INTEGER NOT NULL,
      lane TEXT NOT NULL,
      phase TEXT NOT NULL,
      startNs INTEGER NOT NULL,
      endNs INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      gather INTEGER,
      PRIMARY KEY (sampleId, "index")
    ) STRICT, WITHOUT ROWID;
  `,
}
