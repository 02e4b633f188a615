import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

/** What each room may import from, beside itself. Everything else is up the stairs, and up is forbidden. */
const mayImport: Record<string, readonly string[]> = {
  contract: [],
  engine: ['contract'],
  db: ['contract', 'engine/makeFolder.ts', 'engine/stats', 'engine/model'],
  'main/lab': ['contract', 'db'],
  'main/hosted': ['contract', 'main/lab'],
  'main/cli': ['contract', 'db/setupRows.ts', 'main/lab', 'main/hosted', 'engine/stats', 'engine/model'],
  'main/electron': ['contract', 'main/lab'],
  preload: ['contract'],
  renderer: ['contract', 'engine/stats', 'engine/model/formulas.ts', 'engine/model/prediction.ts'],
}

const rooms = Object.keys(mayImport)

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(name => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
}

function roomOf(file: string): string {
  const room = rooms.find(name => file.startsWith(`${name}/`))
  if (room === undefined) throw new Error(`${file} stands in no room of the house`)
  return room
}

function imports(file: string): string[] {
  const { module } = parseSync(file, readFileSync(join(root, file), 'utf8'))
  const named = [...module.staticImports.map(each => each.moduleRequest.value)]
  const reexported = module.staticExports.flatMap(each =>
    each.entries.flatMap(entry => (entry.moduleRequest === null ? [] : [entry.moduleRequest.value])),
  )
  return [...named, ...reexported]
}

function isAllowed(file: string, imported: string): boolean {
  const room = roomOf(file)
  const target = relative(root, resolve(join(root, dirname(file)), imported))
  const allowed = [room, ...(mayImport[room] ?? [])]
  return allowed.some(place => target === place || target.startsWith(`${place}/`))
}

describe('the house', () => {
  const files = ['contract', 'engine', 'db', 'main', 'preload', 'renderer'].flatMap(sourceFiles)

  it('has files in every room', () => {
    for (const room of rooms)
      expect(files.filter(file => roomOf(file) === room).length, room).toBeGreaterThan(0)
  })

  it('imports point down only', () => {
    const upward = files.flatMap(file =>
      imports(file)
        .filter(name => name.startsWith('.') && !isAllowed(file, name))
        .map(name => `${file} imports ${name}`),
    )
    expect(upward).toEqual([])
  })

  it('keeps Electron in main/electron and the preload', () => {
    const outside = files
      .filter(file => imports(file).includes('electron'))
      .filter(file => !file.startsWith('main/electron/') && file !== 'preload/index.ts')
    expect(outside).toEqual([])
  })

  it('keeps SQL in db and the DOM out of the engine', () => {
    const sql = files.filter(file => imports(file).includes('better-sqlite3') && !file.startsWith('db/'))
    const dom = files.filter(
      file => file.startsWith('engine/') && imports(file).some(name => /^react|chart\.js/.test(name)),
    )
    expect([...sql, ...dom]).toEqual([])
  })
})
