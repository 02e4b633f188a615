import type { Migration } from './migration.ts'

/**
 * All of an answer and of a change that filtering, sorting and counting look at, without what is shown of them: else each
 * look at 10,000 runs reads as many pages.
 */
export const listedAnswers: Migration = {
  version: 7,
  sql: `
    CREATE INDEX answersListed ON answers (runId, changedAt, version, fastest, saved, ofCeiling);
    CREATE INDEX changesListed ON changes (runId, baseline, changedAt, ratio, slower, faster);
  `,
}
