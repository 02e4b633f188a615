import type { RunSummary } from '../../contract/run.ts'
import { formatSize } from '../../contract/size.ts'

export const runColumns = ['id', 'createdAt', 'target', 'schemes', 'sizes', 'samples', 'status'] as const
export type RunColumn = (typeof runColumns)[number]
export type Sorting = { readonly column: RunColumn; readonly descending: boolean }

const sortValues: Record<RunColumn, (run: RunSummary) => string | number> = {
  id: run => run.id,
  createdAt: run => run.createdAt,
  target: run => run.title,
  schemes: run => run.schemes.length,
  sizes: run => Math.max(0, ...run.sizesBytes),
  samples: run => run.samplesDone,
  status: statusOf,
}

/** The history as it is shown: runs with every word of the filter, in the chosen order. */
export function runRows(runs: Iterable<RunSummary>, filter: string, sorting: Sorting): RunSummary[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '')
  const value = sortValues[sorting.column]
  const sign = sorting.descending ? -1 : 1
  return [...runs]
    .filter(run => words.every(word => textOf(run).includes(word)))
    .sort((a, b) => sign * (compared(value(a), value(b)) || a.id - b.id))
}

/** As it is shown. */
function statusOf({ damaged, status }: RunSummary): string {
  return damaged ? 'damaged' : status
}

function textOf(run: RunSummary): string {
  const { id, title, target, schemes, sizesBytes, reason } = run
  const words = [`#${id}`, statusOf(run), title, target, ...schemes, ...sizesBytes.map(formatSize), reason]
  return `${words.join(' ')} ${run.simulated ? 'simulated' : 'measured'}`.toLowerCase()
}

function compared(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
