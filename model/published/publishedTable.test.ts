import { describe, expect, test } from 'vitest'
import type { PublishedCell } from '../../contract/published.ts'
import { GiB } from '../../contract/size.ts'
import { bundledProfile } from '../profiles/bundledProfiles.ts'
import { publishedTable } from './publishedTable.ts'

const series = publishedTable(bundledProfile)

function seriesOf(id: string) {
  const found = series.find(candidate => candidate.id === id)
  if (found === undefined) throw new Error(`no series ${id}`)
  return found
}

const table = seriesOf('v2-2024-07-30')
const pressure = seriesOf('v1-2024-07-11')
const isFollowUp = (cell: PublishedCell) => cell.scheme === 'udmabuf-async-direct'
const cells = table.cells.filter(cell => !isFollowUp(cell))
const errorsOf = (some: readonly PublishedCell[]) => some.map(cell => Math.abs(cell.error ?? Number.NaN))

describe('the published table of 2024', () => {
  test('has eight schemes at four sizes', () => {
    expect(cells).toHaveLength(32)
  })

  test('is met within 7 % on average', () => {
    const errors = errorsOf(cells)
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThanOrEqual(0.07)
  })

  test.each(cells)('$scheme at $bytes bytes is met within 20 %', cell => {
    expect(Math.abs(cell.error ?? Number.NaN)).toBeLessThanOrEqual(0.2)
  })

  test('comes out in the published order wherever the source tells two schemes apart', () => {
    expect(table.pairs.length).toBeGreaterThan(100)
    expect(table.pairs.filter(pair => !pair.kept)).toEqual([])
  })

  test('so does the reader thread beside UDMABUF_CREATE, within 15 %', () => {
    const [followUp] = table.cells.filter(isFollowUp)
    expect(followUp?.bytes).toBe(3 * GiB)
    expect(Math.abs(followUp?.error ?? Number.NaN)).toBeLessThanOrEqual(0.15)
  })

  test('is shown with what does not fit together in it', () => {
    const remarks = table.remarks.join('\n')
    expect(remarks).toContain('4.41 s')
    expect(remarks).toContain('5.65 s')
    expect(remarks).toContain('22 %')
    expect(remarks).toContain('In 8 of 8 schemes')
  })
})

describe('the first series', () => {
  test('without pressure is met within 15 %', () => {
    const quiet = pressure.cells.filter(cell => cell.pressureBytes === 0)
    expect(quiet).toHaveLength(3)
    for (const error of errorsOf(quiet)) expect(error).toBeLessThanOrEqual(0.15)
  })

  test('under 4 GiB of memory pressure is met within 25 %', () => {
    const pressed = pressure.cells.filter(cell => cell.pressureBytes === 4 * GiB)
    expect(pressed).toHaveLength(3)
    for (const error of errorsOf(pressed)) expect(error).toBeLessThanOrEqual(0.25)
  })
})

describe('the proposals of 2025', () => {
  const [, , v2, v4] = series

  test('stand beside a simulation where the lab has the scheme, and say so where it has not', () => {
    for (const proposals of [v2, v4]) {
      const simulated = proposals?.cells.filter(cell => cell.simulatedNs !== null) ?? []
      const others = proposals?.cells.filter(cell => cell.simulatedNs === null) ?? []
      expect(simulated.length).toBeGreaterThanOrEqual(4)
      for (const cell of others) expect(cell.why).not.toBe('')
    }
  })

  test('count what happens until the buffers are ready: totals as given, or create and I/O', () => {
    const cell = (name: string) =>
      [...(v2?.cells ?? []), ...(v4?.cells ?? [])].find(c => c.publishedName === name)
    expect(cell('udmabuf direct read')?.publishedNs).toBe(1179e6)
    expect(cell('udmabuf direct copy_file_range')?.publishedNs).toBe((579 + 464) * 1e6)
  })
})

test('ranks are counted among the figures of one size and condition', () => {
  const atThreeGiB = table.cells.filter(cell => cell.bytes === 3 * GiB)
  expect(atThreeGiB.map(cell => cell.publishedRank).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(atThreeGiB.find(cell => cell.publishedRank === 1)?.scheme).toBe('read-async-direct')
})

test('a profile of the user stands in for every series', () => {
  const uncalibrated = publishedTable(() => bundledProfile('ufs4-phone-2024-uncalibrated'))
  expect(uncalibrated.map(({ profile }) => profile)).toEqual(series.map(() => 'ufs4-phone-2024-uncalibrated'))
  expect(uncalibrated[1]?.meanError ?? 0).toBeGreaterThan(table.meanError ?? 1)
})
