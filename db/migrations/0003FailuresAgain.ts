import type { Migration } from './migration.ts'

/** A failed sample may be measured again when its run is resumed, as a cancelled one may: both stay beside the new one. */
export const failuresAgain: Migration = {
  version: 3,
  sql: `
    DROP INDEX samplesKey;
    CREATE UNIQUE INDEX samplesKey ON samples (runId, scheme, bytes, warmup, repeat)
      WHERE status NOT IN ('cancelled', 'failed');
  `,
}
