import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
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

  test('the browser is handed a file that the owner alone reads, and no address', async () => {
    const programs = join(home, 'bin')
    mkdirSync(programs)
    const words = join(home, 'words')
    writeFileSync(
      join(programs, 'xdg-open'),
      `#!/bin/sh\necho "$@" > ${words}.new; mv ${words}.new ${words}\n`,
      {
        mode: 0o755,
      },
    )
    const environment = { DISPLAY: ':0', PATH: `${programs}:${process.env.PATH}` }
    lab = new SpawnedLab(home, ['serve'], environment)
    const [, url = ''] = await lab.says(/^(http\S+)\n/)
    await expect.poll(() => existsSync(words)).toBe(true)
    const file = readFileSync(words, 'utf8').trim()
    expect(file).toMatch(new RegExp(`^${home}/open/\\d+\\.html$`))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(home, 'open')).mode & 0o777).toBe(0o700)
    expect(readFileSync(file, 'utf8')).toContain(`url=${url}`)
    lab.process.kill('SIGTERM')
    await lab.ended
    expect(existsSync(file)).toBe(false)
    expect(readFileSync(join(home, 'logs', 'lab.log'), 'utf8')).not.toContain(url.slice(-43))
  })

  test('a port that is taken is an error, not another port', async () => {
    lab = new SpawnedLab(home, ['serve', '--no-open'])
    const [, port] = await lab.says(/127\.0\.0\.1:(\d+)/)
    const second = await new SpawnedLab(home, ['serve', '--no-open', '--port', String(port)]).ended
    expect([second.code, second.stdout]).toEqual([1, ''])
    expect(second.stderr).toContain(`port ${port} is taken`)
  })
})
