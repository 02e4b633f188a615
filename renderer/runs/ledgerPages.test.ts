import { expect, test } from 'vitest'
import type { Outcome } from '../../contract/error.ts'
import { type LedgerRow, type LedgerRows, type LedgerWindow, newestFirst } from '../../contract/ledger.ts'
import { runSummary } from '../../findings/testing/runSummary.ts'
import { LedgerPages } from './ledgerPages.ts'

function row(id: number): LedgerRow {
  return {
    ...runSummary({ id }),
    device: 'local',
    kernel: null,
    gatherBytes: null,
    isKnown: true,
    answer: null,
    costs: [],
    isBaseline: false,
    change: null,
  }
}

/** A ledger of so many runs, whose answers come when they are let go. */
function ledgerOf(total: number) {
  const asked: Array<{ window: LedgerWindow; answer: () => Promise<void> }> = []
  const pages = new LedgerPages(window => {
    const { promise, resolve } = Promise.withResolvers<Outcome<LedgerRows>>()
    const ids = Array.from({ length: total }, (_, place) => total - place)
    const rows = ids.slice(window.from, window.from + window.count).map(row)
    asked.push({
      window,
      answer: async () => {
        resolve({ ok: true, value: { total, matching: total, pending: 0, rows } })
        await promise
        await Promise.resolve()
      },
    })
    return promise
  })
  return { pages, asked }
}

const first = { filter: '', sort: newestFirst }

test('only the windows in sight are read, each once', async () => {
  const { pages, asked } = ledgerOf(10_000)
  pages.look(0, 40)
  pages.order(first)
  pages.look(20, 60)
  pages.look(4_000, 4_020)
  expect(asked.map(({ window }) => window.from)).toEqual([0, 50, 4_000])
  for (const { answer } of asked) await answer()
  expect(pages.get().counts).toMatchObject({ total: 10_000 })
  expect(pages.get().rows.get(4_010)?.id).toBe(10_000 - 4_010)
  expect(pages.get().rows.get(3_000)).toBeUndefined()
})

test('an answer to what was asked before is dropped, and what is shown stays until then', async () => {
  const { pages, asked } = ledgerOf(10)
  pages.order(first)
  await asked[0]?.answer()
  pages.order({ ...first, filter: 'udmabuf' })
  pages.order({ ...first, filter: 'memfd' })
  expect(pages.get().rows.size).toBe(10)
  expect(pages.get().counts).toMatchObject({ filter: '' })
  const before = pages.get()
  await asked[1]?.answer()
  expect(pages.get()).toBe(before)
  await asked[2]?.answer()
  expect(pages.get().counts).toMatchObject({ filter: 'memfd' })
  pages.order({ ...first, filter: 'memfd' })
  expect(asked).toHaveLength(3)
})

test('rows of another order are not shown where its own have not come', async () => {
  const { pages, asked } = ledgerOf(200)
  pages.look(0, 100)
  pages.order(first)
  for (const { answer } of asked) await answer()
  expect(pages.get().rows.get(60)).toBeDefined()
  pages.order({ ...first, filter: 'memfd' })
  await asked[2]?.answer()
  expect(pages.get().rows.get(40)).toBeDefined()
  expect(pages.get().rows.get(60)).toBeUndefined()
})

test('what changes while it is read is shown as it comes, and read once more', async () => {
  const { pages, asked } = ledgerOf(10)
  pages.look(0, 10)
  pages.order(first)
  pages.renew()
  pages.renew()
  expect(asked).toHaveLength(1)
  await asked[0]?.answer()
  expect(pages.get().rows.size).toBe(10)
  expect(asked).toHaveLength(2)
  await asked[1]?.answer()
  expect(asked).toHaveLength(2)
  expect(pages.shows([3])).toBe(true)
  expect(pages.shows([300])).toBe(false)
})
