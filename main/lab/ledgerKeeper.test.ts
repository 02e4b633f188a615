import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fillWithRuns } from '../../db/fixtures/manyRuns.ts'
import { openStore } from '../../db/openStore.ts'
import { FindingsThread } from './findings/findingsThread.ts'
import { LedgerKeeper } from './ledgerKeeper.ts'

const workerFile = join(import.meta.dirname, 'findings', 'findingsWorker.ts')

/** Over one run that has ended and that nothing is said of yet. */
function keep(changed: (runIds: readonly number[]) => void = () => {}) {
  const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-keeper-'))
  const file = join(folder, 'lab.db')
  fillWithRuns(file, { runs: 1, repeats: 1 })
  const store = openStore(file)
  const thread = new FindingsThread(workerFile, file)
  const parts = { ledger: store.ledger, thread, isMeasuring: () => false, tellChanged: changed }
  const keeper = new LedgerKeeper(parts)
  onTestFinished(async () => {
    await keeper.close()
    await thread.close()
    store.close()
    rmSync(folder, { recursive: true })
  })
  return { keeper, ledger: store.ledger }
}

test('a lab that keeps all runs works out one that has ended', async () => {
  const changed = Promise.withResolvers<readonly number[]>()
  const { keeper, ledger } = keep(changed.resolve)
  keeper.keepAll()
  keeper.renew(1)
  expect(await changed.promise).toEqual([1])
  expect(ledger.pendingIds(10)).toEqual([])
})

test('one that does not leaves it to who looks at it', async () => {
  const { keeper, ledger } = keep()
  keeper.renew(1)
  // Waits for what was begun.
  await keeper.close()
  expect(ledger.pendingIds(10)).toEqual([1])
})
