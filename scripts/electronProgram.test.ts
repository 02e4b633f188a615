import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { electronProgram } from './electronProgram.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-'))
  mkdirSync(join(folder, 'package', 'dist'), { recursive: true })
  mkdirSync(join(folder, 'other'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const find = (environment: NodeJS.ProcessEnv = {}) => electronProgram(environment, join(folder, 'package'))

test('a package without its runtime has no program', () => {
  expect(find()).toBeNull()
  writeFileSync(join(folder, 'package', 'path.txt'), 'electron')
  expect(find()).toBeNull()
})

test('the downloaded runtime is found where path.txt says', () => {
  writeFileSync(join(folder, 'package', 'path.txt'), 'electron')
  writeFileSync(join(folder, 'package', 'dist', 'electron'), '')
  expect(find()).toBe(join(folder, 'package', 'dist', 'electron'))
})

test("a person's own runtime goes before it, also where nothing was downloaded", () => {
  writeFileSync(join(folder, 'other', 'electron'), '')
  const environment = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'other') }
  expect(find(environment)).toBe(join(folder, 'other', 'electron'))
  expect(find({ ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nowhere') })).toBeNull()
  expect(find({ ELECTRON_OVERRIDE_DIST_PATH: '' })).toBeNull()
})
