import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { libraryNames } from './libraryNames.ts'

/** Where Debian puts libraries, below the root. */
const libraryFolders = (triplet: string) => [
  `lib/${triplet}`,
  `usr/lib/${triplet}`,
  `usr/lib/${triplet}/android`,
]

/** Copies what the program needs of these unpacked packages into the tree, where it lies in them. */
export async function copyLibraries(
  tree: string,
  program: string,
  packages: readonly string[],
  triplet: string,
): Promise<void> {
  const found = new Set<string>()
  const queue = [program]
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    for (const name of libraryNames(await readFile(file))) {
      const library = findLibrary(name, packages, triplet)
      if (library === null || found.has(library.place)) continue
      found.add(library.place)
      queue.push(library.file)
      await mkdir(dirname(join(tree, library.place)), { recursive: true })
      await copyFile(library.file, join(tree, library.place))
    }
  }
}

type Library = { readonly file: string; readonly place: string }

function findLibrary(name: string, packages: readonly string[], triplet: string): Library | null {
  const places = libraryFolders(triplet).map(folder => join(folder, name))
  const all = packages.flatMap(root => places.map(place => ({ file: join(root, place), place })))
  return all.find(({ file }) => existsSync(file)) ?? null
}
