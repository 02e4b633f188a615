/** Below this the series is exact to double precision, above it the continued fraction is. */
const seriesBelow = 3
const fractionTerms = 120

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
}

/** P(Z > z) for a standard normal Z and z >= 0, by Marsaglia's series (Journal of Statistical Software 11, 2004). */
function tailBySeries(z: number): number {
  let term = z
  let sum = z
  for (let i = 3; Math.abs(term) > Number.EPSILON * Math.abs(sum); i += 2) {
    term *= (z * z) / i
    sum += term
  }
  return 0.5 - sum * density(z)
}

/** P(Z > z) for a large z by Laplace's continued fraction, which keeps its relative precision far out. */
function tailByFraction(z: number): number {
  let denominator = z
  for (let i = fractionTerms; i >= 1; i -= 1) denominator = z + i / denominator
  return density(z) / denominator
}

/** P(Z > z) for a standard normal Z. */
export function normalUpperTail(z: number): number {
  if (z < 0) return 1 - normalUpperTail(-z)
  return z < seriesBelow ? tailBySeries(z) : tailByFraction(z)
}

/** The z with P(Z > z) = `tail`, for a tail in (0, 0.5]. */
export function normalUpperQuantile(tail: number): number {
  let low = 0
  let high = 40
  for (let i = 0; i < 80; i += 1) {
    const middle = (low + high) / 2
    if (normalUpperTail(middle) > tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}
