import type { RunSummary } from '../../contract/run.ts'
import { MiB } from '../../contract/size.ts'

/** A complete, finished run of the history for tests; a test states only what it is about. */
export function runSummary(differences: Partial<RunSummary> = {}): RunSummary {
  return {
    id: 1,
    uuid: '7f0c0f1e-7d5e-4f0e-9f7b-0d9b8f3f6a11',
    createdAt: '2026-11-21T20:00:00.000Z',
    endedAt: null,
    status: 'finished',
    reason: '',
    name: '',
    note: '',
    tags: [],
    target: 'local',
    title: 'this machine',
    simulated: false,
    imported: false,
    damaged: false,
    schemes: ['memfd-direct'],
    sizesBytes: [8 * MiB],
    samplesPlanned: 3,
    samplesDone: 3,
    samplesFailed: 0,
    ...differences,
  }
}
