import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { circleIn, closureOf, floorOf, floors, missingFiles, readSources, roomOf, rooms } from './house.ts'

const root = join(import.meta.dirname, '..')
const topFolders = ['contract', 'findings', 'model', 'locks', 'engine', 'db', 'main', 'preload', 'renderer']
const sources = topFolders.flatMap(folder => readSources(root, folder))
const files = new Map(sources.map(source => [source.path, source]))
const inHouse = (path: string) => topFolders.some(folder => path.startsWith(`${folder}/`))

describe('the house', () => {
  it('has files in every room, and finds what they import', () => {
    for (const room of Object.keys(rooms)) {
      expect(sources.filter(({ path }) => roomOf(path) === room).length, room).toBeGreaterThan(0)
    }
    expect(
      missingFiles(
        root,
        sources.flatMap(source => source.files),
      ),
    ).toEqual([])
  })

  it('is told in docs/architecture.md as it is', () => {
    const table = readFileSync(join(root, 'docs/architecture.md'), 'utf8').split('## Rooms')[1] ?? ''
    const told = [...table.matchAll(/^\| `([a-z/]+?)\/?` \| .* \| ([^|]*) \|$/gm)].map(
      ([, room = '', may = '']) => [room, may === 'nothing' ? [] : may.split(', ')],
    )
    const documented = Object.fromEntries(told.filter(([room]) => String(room) in rooms))
    expect(documented).toEqual(
      Object.fromEntries(Object.entries(rooms).map(([room, { rooms }]) => [room, rooms])),
    )
  })

  it('imports point down only', () => {
    const upward = sources.flatMap(({ path, files }) => {
      const allowed = [roomOf(path), ...(rooms[roomOf(path)]?.rooms ?? [])]
      return files
        .filter(file => !inHouse(file) || !allowed.includes(roomOf(file)))
        .map(file => `${path} imports ${file}`)
    })
    expect(upward).toEqual([])
  })

  it('a room uses its own packages only, and Node where it may', () => {
    const strangers = sources.flatMap(({ path, packages }) => {
      const room = rooms[roomOf(path)]
      return packages
        .filter(name => (name.startsWith('node:') ? room?.node !== true : !room?.packages.includes(name)))
        .map(name => `${path} uses ${name}`)
    })
    expect(strangers).toEqual([])
  })

  it('nothing that a room brings with it stands above it, however far the way', () => {
    const reached = Object.keys(rooms).flatMap(room => {
      const brought = sources
        .filter(({ path }) => roomOf(path) === room)
        .flatMap(({ path }) => [...closureOf(path, files)])
      const allowed = [room, ...(rooms[room]?.rooms ?? []).flatMap(below)]
      return [...new Set(brought.map(roomOf))]
        .filter(other => !allowed.includes(other))
        .map(other => `${room} brings ${other}`)
    })
    expect(reached).toEqual([])
  })

  it('has no circle of files, not even of types', () => {
    expect(circleIn(new Map(sources.map(source => [source.path, source.files])))).toBeNull()
  })

  it('has no circle of folders', () => {
    const graph = new Map<string, string[]>()
    for (const { path, files } of sources) {
      const others = files.map(dirname).filter(folder => folder !== dirname(path))
      graph.set(dirname(path), [...(graph.get(dirname(path)) ?? []), ...others])
    }
    expect(circleIn(graph)).toBeNull()
  })

  it('inner floors: a folder imports from the floors below it', () => {
    const wrong = sources.flatMap(({ path, files }) => {
      const room = roomOf(path)
      if (floors[room] === undefined) return []
      if (floorOf(room, path) < 0) return [`${dirname(path)} stands on no floor of ${room}`]
      return files
        .filter(file => roomOf(file) === room && dirname(file) !== dirname(path))
        .filter(file => floorOf(room, file) >= floorOf(room, path))
        .map(file => `${path} imports ${file}`)
    })
    expect(wrong).toEqual([])
  })

  it('keeps the preload of Electron the one file of it that knows Electron', () => {
    const users = sources.filter(
      ({ path, packages }) => roomOf(path) === 'preload' && packages.includes('electron'),
    )
    expect(users.map(({ path }) => path)).toEqual(['preload/index.ts'])
  })
})

describe('a circle', () => {
  it('is found and told as the way around it', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['d', ['b']],
    ])
    expect(circleIn(graph)).toEqual(['b', 'd', 'b'])
    expect(circleIn(new Map([['a', ['b']]]))).toBeNull()
  })
})

function below(room: string): string[] {
  return [room, ...(rooms[room]?.rooms ?? []).flatMap(below)]
}
