import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseSync } from 'vite'

/** What a room may import beside itself. Everything that is not here is up the stairs, and up is forbidden. */
export type Room = {
  readonly rooms: readonly string[]
  readonly packages: readonly string[]
  /** Whether it may use Node's own modules. A room without them runs in the page as well. */
  readonly node: boolean
}

/** The rooms from the ground floor up, as docs/architecture.md draws them. */
export const rooms: Readonly<Record<string, Room>> = {
  contract: { rooms: [], packages: ['zod'], node: false },
  findings: { rooms: ['contract'], packages: ['zod'], node: false },
  model: { rooms: ['contract', 'findings'], packages: ['zod', 'ml-levenberg-marquardt'], node: false },
  locks: { rooms: ['contract'], packages: ['zod'], node: false },
  engine: {
    rooms: ['contract', 'findings', 'model'],
    packages: ['zod', '@yume-chan/adb', '@yume-chan/adb-server-node-tcp', '@yume-chan/stream-extra'],
    node: true,
  },
  db: { rooms: ['contract', 'findings'], packages: ['zod', 'better-sqlite3'], node: true },
  'main/lab': { rooms: ['contract', 'findings', 'db'], packages: ['zod'], node: true },
  'main/hosted': { rooms: ['contract', 'main/lab'], packages: ['zod', 'ws'], node: true },
  'main/cli': {
    rooms: ['contract', 'findings', 'model', 'locks', 'main/lab', 'main/hosted'],
    packages: ['zod', 'commander'],
    node: true,
  },
  'main/electron': { rooms: ['contract', 'main/lab'], packages: ['zod', 'electron'], node: true },
  preload: { rooms: ['contract'], packages: ['zod', 'electron'], node: false },
  renderer: {
    rooms: ['contract', 'findings', 'model', 'locks'],
    packages: ['zod', 'react', 'react-dom', 'chart.js'],
    node: false,
  },
}

/** The inner floors of a room, lowest first: a folder imports from itself and from the floors below it. */
export const floors: Readonly<Record<string, readonly (readonly string[])[]>> = {
  renderer: [
    ['renderer/base'],
    ['renderer/controls', 'renderer/style', 'renderer/lab'],
    ['renderer/charts/kit'],
    ['renderer/charts'],
    ['renderer/run'],
    [
      'renderer/bench',
      'renderer/compare',
      'renderer/devices',
      'renderer/locks',
      'renderer/model',
      'renderer/published',
      'renderer/runs',
    ],
    ['renderer/app'],
    ['renderer'],
  ],
  engine: [['engine/profiles', 'engine/agent', 'engine/adb'], ['engine/targets'], ['engine/run'], ['engine']],
  model: [
    ['model/profiles', 'model/simulation/machine'],
    ['model/simulation/schemes'],
    ['model/simulation'],
    ['model'],
    ['model/published'],
  ],
  findings: [
    ['findings/statistics'],
    ['findings/words'],
    ['findings'],
    ['findings/drawing'],
    ['findings/exports'],
  ],
}

export type SourceFile = {
  readonly path: string
  /** Paths from the root of what it imports, types and dynamic imports included. */
  readonly files: readonly string[]
  /** Packages and Node's modules by their names. */
  readonly packages: readonly string[]
}

/** Every source file of `folder` but tests and what only tests use. */
export function readSources(root: string, folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(name => /\.tsx?$/.test(name) && !isForTests(name))
    .map(path => readSource(root, path))
}

function isForTests(path: string): boolean {
  return /\.test\.tsx?$|\/(testing|fixtures)\//.test(path)
}

function readSource(root: string, path: string): SourceFile {
  const names = importedNames(path, readFileSync(join(root, path), 'utf8'))
  const own = names.filter(name => name.startsWith('.'))
  return {
    path,
    files: own.map(name => relative(root, resolve(join(root, dirname(path)), name))),
    packages: names.filter(name => !name.startsWith('.')).map(packageOf),
  }
}

function importedNames(path: string, text: string): string[] {
  const { module } = parseSync(path, text)
  const reexported = module.staticExports.flatMap(each =>
    each.entries.flatMap(entry => (entry.moduleRequest === null ? [] : [entry.moduleRequest.value])),
  )
  const dynamic = module.dynamicImports.map(({ moduleRequest }) =>
    text.slice(moduleRequest.start, moduleRequest.end).replaceAll(/^['"`]|['"`]$/g, ''),
  )
  return [...module.staticImports.map(each => each.moduleRequest.value), ...reexported, ...dynamic]
}

/** `@scope/name/deep` is the package `@scope/name`; `node:fs/promises` stays as it is. */
function packageOf(name: string): string {
  if (name.startsWith('node:')) return name
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

/** @throws Error for a file that stands in no room. */
export function roomOf(path: string): string {
  const room = Object.keys(rooms).find(name => path.startsWith(`${name}/`))
  if (room === undefined) throw new Error(`${path} stands in no room of the house`)
  return room
}

/** Every file that `path` brings with it, itself included. */
export function closureOf(path: string, files: ReadonlyMap<string, SourceFile>): Set<string> {
  const reached = new Set<string>()
  const waiting = [path]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue
    reached.add(next)
    waiting.push(...(files.get(next)?.files ?? []))
  }
  return reached
}

/** One circle of a graph, as the way around it; `null` where there is none. */
export function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>()
  const visit = (node: string, way: readonly string[]): string[] | null => {
    if (way.includes(node)) return [...way.slice(way.indexOf(node)), node]
    if (done.has(node)) return null
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next, [...way, node])
      if (circle !== null) return circle
    }
    done.add(node)
    return null
  }
  for (const node of graph.keys()) {
    const circle = visit(node, [])
    if (circle !== null) return circle
  }
  return null
}

/** The floor of a file's folder, from 0; -1 for a folder that the room's floors do not name. */
export function floorOf(room: string, path: string): number {
  return (floors[room] ?? []).findIndex(floor => floor.includes(dirname(path)))
}

/** Which of `paths` are not there. */
export function missingFiles(root: string, paths: readonly string[]): string[] {
  return paths.filter(path => !existsSync(join(root, path)))
}
