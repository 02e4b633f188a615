import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unpackOnce } from './aptPackages.ts'
import { findProgram } from './findProgram.ts'
import { runOrFail } from './runProgram.ts'

const reason = findProgram('dpkg-deb') === null ? 'needs dpkg-deb' : null

describe.skipIf(reason !== null)(
  `unpacking packages${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    let scratch = ''
    beforeEach(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'unpack-'))
    })
    afterEach(() => rm(scratch, { recursive: true }))

    /** Stands in for the mirror: a real package, built here. */
    async function buildPackage(folder: string): Promise<void> {
      const tree = join(scratch, 'tree')
      await mkdir(join(tree, 'DEBIAN'), { recursive: true })
      await mkdir(join(tree, 'usr/share'), { recursive: true })
      await writeFile(join(tree, 'usr/share/greeting'), 'hello')
      const control =
        'Package: greeting\nVersion: 1\nArchitecture: all\nMaintainer: test\nDescription: test\n'
      await writeFile(join(tree, 'DEBIAN/control'), control)
      await runOrFail('dpkg-deb', ['--build', tree, join(folder, 'greeting_1_all.deb')])
    }

    test('a complete folder holds what the packages hold', async () => {
      const folder = join(scratch, 'out')
      await unpackOnce(folder, buildPackage)
      expect(await readFile(join(folder, 'usr/share/greeting'), 'utf8')).toBe('hello')
      expect(existsSync(`${folder}.debs`)).toBe(false)
    })

    test.each([
      ['a download that fails', () => Promise.reject(new Error('no mirror'))],
      ['a damaged package', (folder: string) => writeFile(join(folder, 'bad.deb'), 'not a package')],
    ])('%s leaves no folder that looks complete, and the next try works', async (_, download) => {
      const folder = join(scratch, 'out')
      await expect(unpackOnce(folder, download)).rejects.toThrow()
      expect(existsSync(folder)).toBe(false)
      await unpackOnce(folder, buildPackage)
      expect(existsSync(join(folder, 'usr/share/greeting'))).toBe(true)
    })
  },
)
