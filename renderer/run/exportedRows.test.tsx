import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { beforeAll, expect, test, vi } from 'vitest'
import type { RunDetail } from '../../contract/run.ts'
import { exampleDetail } from '../../db/fixtures/exampleDetail.ts'
import { cellsOf } from '../../findings/cells.ts'
import { exportRun } from '../../findings/exports/exportRun.ts'

/** What the page's tables ask of a browser before they are drawn: the theme. */
beforeAll(() => {
  vi.stubGlobal('window', {
    matchMedia: () => ({ matches: false, addEventListener: () => {} }),
    localStorage: { getItem: () => null },
  })
  return () => vi.unstubAllGlobals()
})

type Rows = readonly (readonly string[])[]

/** The texts of a table's body, as the page draws it. */
function pageRows(table: ReactNode): Rows {
  const body = /<tbody>(.*)<\/tbody>/s.exec(renderToStaticMarkup(table))?.[1] ?? ''
  return body
    .split('</tr>')
    .slice(0, -1)
    .map(row =>
      row
        .split(/<\/t[hd]>/)
        .slice(0, -1)
        .map(plain),
    )
}

function plain(cell: string): string {
  return cell
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&#x27;', "'")
    .trim()
}

/** The rows of all the tables under a heading of the Markdown report. */
function markdownRows(detail: RunDetail, heading: string): Rows {
  const { text } = exportRun(detail, () => [], 'markdown')
  const section = text.split('\n## ').find(part => part.startsWith(`${heading}\n`)) ?? ''
  const rules = /^\|(---:?\|)+$/
  const lines = section.split('\n')
  return lines
    .filter((line, at) => line.startsWith('| ') && !rules.test(lines[at + 1] ?? ''))
    .map(line => line.slice(2, -2).split(' | ').map(unescaped))
}

function unescaped(cell: string): string {
  return cell.replaceAll(/\\(.)/g, '$1')
}

/** Five repeats whose parts vary from one to the next, so that a wrong sample's figures are other figures. */
function variedRun(): RunDetail {
  const detail = exampleDetail()
  for (const [index, sample] of detail.samples.entries()) {
    sample.allocNs = Math.round((sample.allocNs ?? 0) * (1 + (index % 3) / 4))
    sample.readNs = Math.round((sample.readNs ?? 0) * (1 - (index % 4) / 10))
  }
  return detail
}

test('the plan reads the same on the page and in Markdown', async () => {
  const { PlanTable } = await import('./PlanTable.tsx')
  const detail = exampleDetail()
  const exported = markdownRows(detail, 'Plan')
  const page = pageRows(<PlanTable run={detail.run} />)
  expect(exported.length).toBeGreaterThan(10)
  // The page alone has the identity of the run there; Markdown has it at its head.
  expect(page.slice(0, -1)).toEqual(exported)
})

test('the environment reads the same on the page and in Markdown', async () => {
  const { EnvironmentTable } = await import('./EnvironmentTable.tsx')
  const { run } = exampleDetail()
  const page = new Map(pageRows(<EnvironmentTable run={run} />).map(([what, before]) => [what, before]))
  const exported = markdownRows(exampleDetail(), 'Environment')
  expect(exported.length).toBeGreaterThan(15)
  expect([...page]).toEqual(exported.map(([what, value]) => [what, value]))
})

test('both formulas and what overlap won are the same on the page and in Markdown', async () => {
  const { FormulaTable } = await import('./FormulaTable.tsx')
  const detail = variedRun()
  const cells = cellsOf(detail.samples)
  const largest = Math.max(...detail.run.plan.sizesBytes)
  const page = pageRows(<FormulaTable cells={cells} />)
  const exported = markdownRows(detail, 'The two formulas').filter(([size]) => size === '64 MiB')
  expect(largest).toBe(64 * 1024 ** 2)
  expect(exported).toHaveLength(2)
  for (const [index, row] of exported.entries()) {
    const [, scheme, repeat, alloc, read, serial, first, remaining, bound, total, won] = row
    const overlapped = first === '' ? '-' : `${first} + max(${remaining}, ${read}) = ${bound}`
    expect(page[index]).toEqual([
      scheme,
      `${alloc} + ${read} = ${serial}`,
      overlapped,
      repeat,
      total,
      won === '' ? '-' : won,
    ])
  }
})

test('a repeat has one number for people: the page, Markdown and Perfetto count from 1, CSV as it is stored', async () => {
  const { SampleRow } = await import('./SampleRow.tsx')
  const detail = exampleDetail()
  const sample = detail.samples.find(({ warmup, repeat }) => !warmup && repeat === 2)
  if (sample === undefined) throw new Error('the example has a third repeat')
  const [row] = pageRows(
    <table>
      <tbody>
        <SampleRow sample={sample} row={2} chosen={false} onOpen={() => {}} />
      </tbody>
    </table>,
  )
  expect(row?.[3]).toBe('3')
  expect(exportRun(detail, () => [], 'perfetto').text).toContain(`${sample.scheme} 8MiB repeat 3`)
  const record = exportRun(detail, () => [], 'csv').text.split('\r\n')[1 + sample.index]
  expect(record).toMatch(new RegExp(`,${sample.scheme},${sample.bytes},2,`))
})
