import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The version in the package.json of `productDirectory`. @throws Error where it has none. */
export function productVersion(productDirectory: string): string {
  const product: unknown = JSON.parse(readFileSync(join(productDirectory, 'package.json'), 'utf8'))
  if (typeof product === 'object' && product !== null && 'version' in product) return String(product.version)
  throw new Error(`${productDirectory} has no package.json with a version`)
}
