import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readUserText } from './userFile.ts'

const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-user-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const wanted = { mostBytes: 100, hint: 'Name another.' }
const withContent = (content: string | Buffer) => {
  const file = join(folder, 'given')
  writeFileSync(file, content)
  return file
}

describe('a file that a person names', () => {
  test.each(['', 'x'.repeat(100), 'größer'])('is its text: %j', async text => {
    expect(await readUserText(withContent(text), wanted)).toBe(text)
  })

  test.each([
    ['UTF-8', Buffer.from('\uFEFFtext')],
    ['UTF-16LE', Buffer.from('\uFEFFtext', 'utf16le')],
    ['UTF-16BE', Buffer.from('\uFEFFtext', 'utf16le').swap16()],
  ])('may begin with a mark of %s', async (_, content) => {
    expect(await readUserText(withContent(content), wanted)).toBe('text')
  })

  test.each([
    [() => withContent('x'.repeat(101)), 'is longer than 100'],
    [() => '/dev/zero', 'is longer than 100'],
    [() => withContent(Buffer.from([0xc3, 0x28])), 'cannot be read'],
    [() => folder, 'cannot be read: EISDIR'],
    [() => join(folder, 'none'), 'cannot be read: ENOENT'],
  ])('is refused by its name (%#)', async (file, message) => {
    const path = file()
    await expect(readUserText(path, wanted)).rejects.toMatchObject({
      kind: 'bad-file',
      message: expect.stringContaining(`${path} ${message}`),
      hint: 'Name another.',
    })
  })
})
