/** A thing that was asked for or found, and its value, in words. */
export type Row = readonly [what: string, value: string]

/** A row at two moments or in two runs; `null` where that side has no such row. */
export type RowPair = { readonly what: string; readonly before: string | null; readonly after: string | null }

/** Where a target or an older run does not tell a value. */
export const untold = 'not told'

/** Both sides' rows beside each other, in the order of `before`; what `after` alone has comes last. */
export function pairRows(before: readonly Row[], after: readonly Row[]): RowPair[] {
  const later = new Map(after)
  const earlier = new Set(before.map(([what]) => what))
  return [
    ...before.map(([what, value]) => ({ what, before: value, after: later.get(what) ?? null })),
    ...after
      .filter(([what]) => !earlier.has(what))
      .map(([what, value]) => ({ what, before: null, after: value })),
  ]
}
