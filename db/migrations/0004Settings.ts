import type { Migration } from './migration.ts'

/** A tuning tries several settings in one run: a sample says which it was measured under, and its key holds that. */
export const settings: Migration = {
  version: 4,
  sql: `
    ALTER TABLE samples ADD COLUMN setting INTEGER;
    DROP INDEX samplesKey;
    CREATE UNIQUE INDEX samplesKey ON samples (runId, scheme, bytes, warmup, repeat, coalesce(setting, -1))
      WHERE status NOT IN ('cancelled', 'failed');
  `,
}
