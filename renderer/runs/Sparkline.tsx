import type { SizeCost } from '../../contract/ledger.ts'

const width = 68
const height = 18
const edge = 2.5

/** What a GiB costs at each size, with the fastest scheme there: lower is faster. */
export function Sparkline({ costs, text }: { costs: readonly SizeCost[]; text: string }) {
  const points = pointsOf(costs)
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={text}>
      <title>{text}</title>
      <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} />
      {points.map(({ x, y }) => (
        <circle key={x} cx={x} cy={y} r="1.6" />
      ))}
    </svg>
  )
}

/** Both axes logarithmic, as those of the time chart; the cost axis reaches over a factor of 2 at least. */
function pointsOf(costs: readonly SizeCost[]): Array<{ x: number; y: number }> {
  const logs = costs.map(({ bytes, nsPerGiB }) => ({ size: Math.log(bytes), cost: Math.log(nsPerGiB) }))
  const sizes = logs.map(({ size }) => size)
  const all = logs.map(({ cost }) => cost)
  const middle = (Math.min(...all) + Math.max(...all)) / 2
  const reach = Math.max(Math.log(2), Math.max(...all) - Math.min(...all))
  const span = Math.max(...sizes) - Math.min(...sizes) || 1
  return logs.map(({ size, cost }) => ({
    x: logs.length === 1 ? width / 2 : edge + ((size - Math.min(...sizes)) / span) * (width - 2 * edge),
    y: height / 2 - ((cost - middle) / reach) * (height - 2 * edge),
  }))
}
