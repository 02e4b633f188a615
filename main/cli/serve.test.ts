import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SpawnedLab } from './fixtures/spawnLab.ts'
import { productDirectory } from './productDirectory.ts'

/** The page comes from `electron-vite build`; `npm test` runs it first. */
const notBuilt = !existsSync(join(productDirectory, 'out', 'renderer', 'index.html'))

let home: string
let lab: SpawnedLab

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-serve-'))
})

afterEach(() => {
  lab.process.kill('SIGKILL')
  rmSync(home, { recursive: true })
})

describe.skipIf(notBuilt)('serve', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'prints its address, answers there, and %s ends it',
    async signal => {
      lab = new SpawnedLab(home, ['serve', '--no-open'])
      const [, origin, token] = await lab.says(/^(http:\/\/127\.0\.0\.1:\d+)\/\?token=(\S{43})\n/)
      const authorization = `Bearer ${token}`
      const page = await fetch(`${origin}/`, { headers: { authorization } })
      expect(await page.text()).toContain('<script type="module" src="/hosted.js"></script>')
      const script = await fetch(`${origin}/hosted.js`, { headers: { authorization } })
      // A CommonJS file that a page can run: it bundles all it needs.
      expect(await script.text()).not.toMatch(/\brequire\(|\bexports\.|import\.meta|^import /m)
      lab.process.kill(signal)
      const { code } = await lab.ended
      expect(code).toBe(0)
      await expect(fetch(`${origin}/`)).rejects.toThrow('fetch failed')
    },
  )

  test('a port that is taken is an error, not another port', async () => {
    lab = new SpawnedLab(home, ['serve', '--no-open'])
    const [, port] = await lab.says(/127\.0\.0\.1:(\d+)/)
    const second = await new SpawnedLab(home, ['serve', '--no-open', '--port', String(port)]).ended
    expect([second.code, second.stdout]).toEqual([1, ''])
    expect(second.stderr).toContain(`port ${port} is taken`)
  })
})
