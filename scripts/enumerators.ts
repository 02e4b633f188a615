import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folders = '{contract,findings,model,engine,db,main,preload,renderer,device,scripts,docs}'

/** Where names of a kind are written down one by one, so that a new one has to be added by hand. */
export type Enumeration = {
  readonly names: readonly string[]
  /** Fewer of them are only spoken of. */
  readonly atLeast: number
  /** `key`: as the key of an object. `any`: in quotes as well. Bare words are too common: read, copy, bytes. */
  readonly as: 'key' | 'any'
}

export type WrittenFile = { readonly path: string; readonly text: string }

/** Source and documents; tests and what serves them left out. */
export function writtenFiles(root: string): WrittenFile[] {
  return globSync(`${folders}/**/*.{ts,tsx,c,h,md,css}`, { cwd: root })
    .filter(path => !/\.test\.tsx?$|\/(testing|fixtures|test)\//.test(path))
    .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** The paths of those files that enumerate, sorted. */
export function enumerators(files: readonly WrittenFile[], enumeration: Enumeration): string[] {
  return files
    .filter(({ text }) => enumerates(text, enumeration))
    .map(({ path }) => path)
    .toSorted()
}

function enumerates(text: string, { names, atLeast, as }: Enumeration): boolean {
  const isKey = (name: string) => new RegExp(`^\\s*${name}:`, 'm').test(text)
  const isQuoted = (name: string) => ['`', "'", '"'].some(quote => text.includes(quote + name + quote))
  return names.filter(name => isKey(name) || (as === 'any' && isQuoted(name))).length >= atLeast
}
