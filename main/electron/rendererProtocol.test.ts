import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rendererFiles } from '../lab/rendererFiles.ts'
import { serveRenderer } from './rendererProtocol.ts'

let folder: string
let handle: (request: Request) => Promise<Response>

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-'))
  mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'renderer', 'index.html'), '<html></html>')
  writeFileSync(join(folder, 'renderer', 'assets', 'app.js'), 'run()')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  const files = rendererFiles(join(folder, 'renderer'))
  serveRenderer({ handle: (_scheme, handler) => (handle = handler) }, files)
})

afterAll(() => rmSync(folder, { recursive: true }))

test('the page and its files come with the policy', async () => {
  const page = await handle(new Request('lab://app/'))
  expect([page.status, await page.text()]).toEqual([200, '<html></html>'])
  const policy = page.headers.get('content-security-policy')
  expect(policy).toContain("connect-src 'none'")
  expect(policy).not.toContain('unsafe')
  const script = await handle(new Request('lab://app/assets/app.js'))
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(script.headers.get('x-content-type-options')).toBe('nosniff')
})

test.each([
  'lab://app/../secret.txt',
  'lab://app/%2e%2e/secret.txt',
  'lab://app/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
  'lab://app//secret.txt',
  'lab://other/',
  'lab://app:1/',
])('%s is not there', async url => {
  const response = await handle(new Request(url))
  expect([response.status, await response.text()]).toEqual([404, ''])
})

test('nothing can be sent to it', async () => {
  const response = await handle(new Request('lab://app/', { method: 'POST', body: 'x' }))
  expect(response.status).toBe(404)
})
