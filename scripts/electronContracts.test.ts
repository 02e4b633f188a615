import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** Mistakes that the definitions must catch, each as it would be made. */
const mistakes = {
  'a close event of parentPort':
    "Fits<{ on(event: 'close', listener: () => void): unknown }, Electron.ParentPort>",
  'a pid that is always there': 'Fits<{ readonly pid: number }, Electron.UtilityProcess>',
  'a disconnect of a utility process': 'Fits<{ readonly disconnect: () => void }, Electron.UtilityProcess>',
  'a signal of its exit':
    "Fits<{ once(event: 'exit', listener: (code: number, signal: string) => void): unknown }, Electron.UtilityProcess>",
  'a kill with a signal that counts':
    "Fits<{ readonly kill: (signal: 'SIGKILL') => string }, Electron.UtilityProcess>",
  'a reason that cannot be': "Fits<{ readonly reason: 'died' }, Electron.RenderProcessGoneDetails>",
  'a sender that never goes':
    'Fits<{ readonly senderFrame: { readonly url: string } }, Electron.IpcMainInvokeEvent>',
  'an event of another window':
    "Fits<{ on(event: 'ready', listener: () => void): unknown }, Electron.BrowserWindow>",
  'a protocol that answers at once with text':
    'Fits<{ readonly handle: (scheme: string, handler: (request: Request) => string) => void }, Electron.Protocol>',
  'a battery event that says how full':
    "Fits<{ on(event: 'on-battery', listener: (percent: number) => void): unknown }, Electron.PowerMonitor>",
}

const header = [
  "import type * as Electron from 'electron'",
  'type Fits<Own, Real extends Own> = Real',
  '',
].join('\n')

describe('the definitions of Electron', () => {
  const root = join(import.meta.dirname, '..')
  let folder: string
  let said: string

  beforeAll(() => {
    const cache = join(root, 'node_modules', '.cache')
    mkdirSync(cache, { recursive: true })
    folder = mkdtempSync(join(cache, 'contracts-'))
    const right = 'export type Right = Fits<{ readonly pid: number | undefined }, Electron.UtilityProcess>\n'
    writeFileSync(join(folder, 'right.ts'), header + right)
    for (const [index, mistake] of Object.values(mistakes).entries()) {
      writeFileSync(join(folder, `mistake${index}.ts`), `${header}export type Wrong = ${mistake}\n`)
    }
    const settings = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { types: ['node'], lib: ['ES2024', 'DOM'] },
      include: ['*.ts'],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const done = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8', cwd: folder })
    said = done.stdout + done.stderr
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  test('pass what is right', () => {
    expect(said).not.toContain('right.ts')
  })

  test.each(Object.keys(mistakes).map((name, index) => [name, index] as const))('refuse %s', (_, index) => {
    expect(said).toMatch(new RegExp(`mistake${index}\\.ts\\(\\d+,\\d+\\): error TS(2344|2741)`))
  })
})
