import type { Migration } from './migration.ts'

/** Whether a place failed before is asked with every sample of a run that has failures: without it, all are read. */
export const failedSamples: Migration = {
  version: 8,
  sql: `
    CREATE INDEX samplesFailed ON samples (runId, scheme, bytes, warmup, repeat) WHERE status = 'failed';
  `,
}
