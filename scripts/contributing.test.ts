import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callsOf, eventNames, topics } from '../contract/calls.ts'
import { exportFormats } from '../contract/run.ts'
import { marks, phases, sampleColumns } from '../contract/sample.ts'
import { schemeIds } from '../contract/schemes.ts'
import { type Enumeration, enumerators, writtenFiles } from './enumerators.ts'

const root = join(import.meta.dirname, '..')
const written = writtenFiles(root)
const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')

const mostOf = (names: readonly string[]): Enumeration => ({
  names,
  atLeast: Math.ceil(names.length * 0.61),
  as: 'any',
})

const enumerations: Record<string, Enumeration> = {
  scheme: mostOf(schemeIds),
  phase: mostOf(phases),
  // The agent sets most of them; what happens to the machine beside a load is the lab's to say.
  mark: { names: marks, atLeast: Math.ceil(marks.length / 2), as: 'any' },
  'sample column': mostOf(sampleColumns),
  export: mostOf(exportFormats),
  call: { names: [...new Set<string>(topics.flatMap(topic => callsOf(topic)))], atLeast: 4, as: 'key' },
  event: mostOf(eventNames),
}

/** The paths in one column of the guide's table "a new … touches". */
function pathsIn(kind: string, column: 'has a row in' | 'and'): string[] {
  const row = guide.split('\n').find(line => line.startsWith(`| ${kind} |`))
  if (row === undefined) throw new Error(`CONTRIBUTING.md does not say what a new ${kind} touches`)
  const field = row.split('|')[column === 'and' ? 3 : 2] ?? ''
  return [...field.matchAll(/`([^`]+)`/g)].flatMap(([, path]) => (path === undefined ? [] : [path]))
}

describe('what CONTRIBUTING says that a new thing touches', () => {
  it.each(Object.entries(enumerations))('a new %s has a row in just these files', (kind, enumeration) => {
    expect(pathsIn(kind, 'has a row in').toSorted()).toEqual(enumerators(written, enumeration))
  })

  it('and in files and folders that are there', () => {
    const missing = Object.keys(enumerations)
      .flatMap(kind => pathsIn(kind, 'and'))
      .filter(path => !existsSync(join(root, path)))
    expect(missing).toEqual([])
  })
})

describe('enumerators', () => {
  it('finds the table itself, and not what only speaks of some', () => {
    expect(enumerators(written, mostOf(schemeIds))).toContain('contract/schemes.ts')
    expect(enumerators(written, mostOf(schemeIds))).not.toContain('model/published/publishedData.ts')
  })
})
