import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, 'out', 'torture')
const input = {
  labUnderTest: join(import.meta.dirname, 'labUnderTest.ts'),
  engineWorker: join(root, 'engine', 'worker.ts'),
  findingsWorker: join(root, 'main', 'lab', 'findings', 'findingsWorker.ts'),
  checkWorker: join(root, 'db', 'checkWorker.ts'),
}
let bundling: Promise<string> | null = null

/**
 * The lab under test as one program with its workers beside it: it starts in a third of the time that its sources take, and
 * an ordeal starts one every few seconds. @returns the program.
 */
export function bundledLab(): Promise<string> {
  bundling ??= bundle()
  return bundling
}

async function bundle(): Promise<string> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr: true, outDir: folder, emptyOutDir: true, rolldownOptions: { input } },
    ssr: { noExternal: true, external: ['better-sqlite3'] },
  })
  return join(folder, 'labUnderTest.js')
}
