import { existsSync, readdirSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { fail } from '../../contract/error.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
}

export type RendererFile = { readonly path: string; readonly mediaType: string }

/**
 * The built renderer as a map from URL path to file; `/` is the page. A request only ever selects an entry, so no
 * path from outside is resolved and none can leave the folder.
 * @throws LabFailure `not-found` when the renderer is not built.
 */
export function rendererFiles(directory: string): ReadonlyMap<string, RendererFile> {
  const page = join(directory, 'index.html')
  if (!existsSync(page))
    fail('not-found', `the page is not built: no ${page}`, 'Run npx electron-vite build.')
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
  const entries = files.map(
    path => [`/${relative(directory, path).split(sep).join('/')}`, fileAt(path)] as const,
  )
  return new Map([...entries, ['/', fileAt(page)]])
}

function fileAt(path: string): RendererFile {
  return { path, mediaType: mediaTypes[extname(path)] ?? 'application/octet-stream' }
}
