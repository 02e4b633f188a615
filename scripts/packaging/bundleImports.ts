import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'

export type BundleImport = { readonly file: string; readonly name: string }

/** What the built main process and engine import from outside of the bundle: packages and Node's modules. */
export function mainImports(root: string): BundleImport[] {
  return globSync('out/main/**/*.js', { cwd: root }).flatMap(file =>
    importsOf(join(root, file))
      .filter(name => !name.startsWith('.'))
      .map(name => ({ file, name })),
  )
}

/** The packages among them, without Electron, which is the runtime. */
export function importedPackages(root: string): string[] {
  const names = mainImports(root).map(({ name }) => name)
  const packages = names.filter(name => !name.startsWith('node:') && name !== 'electron').map(packageOf)
  return [...new Set(packages)].toSorted()
}

/** What a preload requires. */
export function preloadRequires(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/\brequire\((["'`])(.*?)\1\)/g)].map(match => match[2] ?? '')
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const { module } = parseSync(file, text)
  const dynamic = module.dynamicImports.map(({ moduleRequest }) =>
    text.slice(moduleRequest.start, moduleRequest.end).replaceAll(/^['"`]|['"`]$/g, ''),
  )
  return [...module.staticImports.map(each => each.moduleRequest.value), ...dynamic]
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}
