import Database from 'better-sqlite3'
import { fail } from '../contract/error.ts'
import type { RunDetail } from '../contract/run.ts'
import { Owners } from './owner.ts'
import { RunTable } from './runTable.ts'
import { SampleTable } from './sampleTable.ts'
import { storing } from './storeFailure.ts'

/** The runs of a database that another thread writes: never changes anything. */
export type RunReader = {
  /** With all samples, and the state of the run that they are of. @throws LabFailure `not-found`, or a store kind. */
  readonly get: (runId: number) => { readonly detail: RunDetail; readonly changedAt: string }
  readonly close: () => void
}

export function openRunReader(file: string): RunReader {
  const db = storing(file, () => new Database(file, { readonly: true, fileMustExist: true }))
  const runs = new RunTable(db, new Owners(file))
  const samples = new SampleTable(db)
  const changedAt = db.prepare('SELECT changedAt FROM runs WHERE id = ?').pluck()
  const read = (runId: number) => {
    const run = runs.get(runId)
    runs.checkAllStored(runId)
    const detail = { run, samples: samples.ofRun(runId) }
    const state = changedAt.get(runId)
    if (typeof state !== 'string') fail('store-corrupt', `run ${runId} cannot be read`, 'Delete it.')
    return { detail, changedAt: state }
  }
  return {
    get: runId => storing(file, () => db.transaction(() => read(runId)).deferred()),
    close: () => db.close(),
  }
}
