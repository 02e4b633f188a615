import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'

export type Run = { readonly command: string; readonly args: readonly string[] }

/**
 * What `npm run test:one` runs for its words: paths as the caller's folder sees them, or parts of a path from the root;
 * from the first word with a dash on, options for the runner. A whole-application spec wants the bundle, so it is built.
 */
export function runsOf(words: readonly string[], callerFolder: string, root: string): Run[] {
  const firstOption = words.findIndex(word => word.startsWith('-'))
  const files = firstOption < 0 ? words : words.slice(0, firstOption)
  const options = (firstOption < 0 ? [] : words.slice(firstOption)).filter(word => word !== '--')
  const paths = files.map(file => {
    const path = resolve(callerFolder, file)
    return existsSync(path) ? relative(root, path) : file
  })
  const isSpec = (path: string) => path.startsWith('e2e') || path.endsWith('.spec.ts')
  const specs = paths.filter(isSpec)
  const tests = paths.filter(path => !isSpec(path))
  return [
    ...(tests.length > 0 ? [{ command: 'vitest', args: ['run', ...tests, ...options] }] : []),
    ...(specs.length > 0
      ? [
          { command: 'electron-vite', args: ['build', '--logLevel', 'warn'] },
          { command: 'playwright', args: ['test', ...specs, ...options] },
        ]
      : []),
  ]
}
