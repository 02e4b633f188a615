import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { importedPackages } from './bundleImports.ts'

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
      dev: z.boolean().optional(),
    }),
  ),
})

export type Module = { readonly name: string; readonly version: string; readonly license: string }

/** Headers that a native module was compiled with; nothing loads them. */
const compileTime = new Set(['node-addon-api'])

/** The packages that come with `names`, themselves included, as the lockfile has them. */
export function productionModules(root: string, names: readonly string[]): Module[] {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  const found = new Map<string, Module>()
  const waiting = [...names]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name) || compileTime.has(name)) continue
    const entry = packages[`node_modules/${name}`]
    if (entry === undefined || entry.dev === true) throw new Error(`${name} is no production dependency`)
    found.set(name, { name, version: entry.version ?? '', license: entry.license ?? 'unknown' })
    waiting.push(...Object.keys(entry.dependencies ?? {}))
  }
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name))
}

/** Bundled into the page, so that none of their files is in the package; their names and licences are all the same. */
const bundledInPage = ['react', 'react-dom', 'chart.js', 'zod']

/** Every package that is shipped, as files or inside the page. */
export function shippedModules(root: string): Module[] {
  return productionModules(root, [...importedPackages(root), ...bundledInPage])
}
