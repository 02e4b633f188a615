/** One claimed figure, with the bound it is held to where it has one. */
export type BenchResult = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly limit?: { readonly atMost?: number; readonly atLeast?: number }
  /** Why a bound does not apply on this machine; the figure is shown all the same. */
  readonly notApplicable?: string
}

export function isWithin({ value, limit, notApplicable }: BenchResult): boolean {
  if (notApplicable !== undefined || limit === undefined) return true
  if (!Number.isFinite(value)) return false
  return (
    (limit.atMost === undefined || value <= limit.atMost) &&
    (limit.atLeast === undefined || value >= limit.atLeast)
  )
}

function limitText({ limit, notApplicable }: BenchResult): string {
  if (limit === undefined) return ''
  const bounds = [
    limit.atLeast === undefined ? '' : `at least ${limit.atLeast}`,
    limit.atMost === undefined ? '' : `at most ${limit.atMost}`,
  ].filter(text => text !== '')
  return notApplicable === undefined
    ? bounds.join(', ')
    : `${bounds.join(', ')} (not applicable: ${notApplicable})`
}

export function tableOf(results: readonly BenchResult[]): string {
  const rows = results.map(result => [
    isWithin(result)
      ? result.limit === undefined || result.notApplicable !== undefined
        ? '  '
        : 'ok'
      : '!!',
    result.name,
    result.value.toLocaleString('en', { maximumSignificantDigits: 4 }),
    result.unit,
    limitText(result),
  ])
  const width = (column: number) => Math.max(...rows.map(row => row[column]?.length ?? 0))
  const [nameWidth, valueWidth, unitWidth] = [width(1), width(2), width(3)]
  return rows
    .map(([mark = '', name = '', value = '', unit = '', limit = '']) =>
      `${mark} ${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)} ${unit.padEnd(unitWidth)}  ${limit}`.trimEnd(),
    )
    .join('\n')
}
