import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { mimeTypesOf, readBuilderConfig } from './builderConfig.ts'

const root = join(import.meta.dirname, '..', '..')
/** app-builder-lib's own scheme.json (MIT), without its descriptions: electron-builder checks itself by it. */
const schemaFile = join(import.meta.dirname, 'testing', 'electron-builder-26.17.0.schema.json.gz')
const schema = z.fromJSONSchema(JSON.parse(gunzipSync(readFileSync(schemaFile)).toString()))
const text = readFileSync(join(root, 'electron-builder.json'), 'utf8')

test('the configuration of rpm, AppImage, dmg and nsis is one by the schema of electron-builder', () => {
  expect(schema.safeParse(JSON.parse(text)).error?.issues ?? []).toEqual([])
})

test.each([
  ['a setting that is none', '"category"', '"categry"'],
  ['a fuse that is none', '"runAsNode": false', '"runAsNod": false'],
  ['a target that is no word', '"target": ["dmg"]', '"target": [7]'],
  ['a word where there is yes or no', '"oneClick": false', '"oneClick": "no"'],
  ['an association without an end of a name', '"ext": "labrun",', ''],
])('%s is found', (_, right, wrong) => {
  expect(text).toContain(right)
  expect(schema.safeParse(JSON.parse(text.replace(right, wrong))).success).toBe(false)
})

const partsSchema = z.object({
  appId: z.string(),
  linux: z.object({ icon: z.string() }),
  mac: z.object({ icon: z.string() }),
  win: z.object({ icon: z.string() }),
})

test('its icons are there, and its id is the one by which Windows knows the running lab', () => {
  const { appId, linux, mac, win } = partsSchema.parse(JSON.parse(text))
  for (const { icon } of [linux, mac, win]) expect(existsSync(join(root, icon)), icon).toBe(true)
  expect(readFileSync(join(root, 'main', 'electron', 'index.ts'), 'utf8')).toContain(`= '${appId}'`)
})

test('links and runs are opened by the lab in every format', () => {
  const config = readBuilderConfig(root)
  expect(mimeTypesOf(config)).toEqual(['x-scheme-handler/dmabuf-lab', 'application/x-dmabuf-lab-run+json'])
  const mime = readFileSync(join(import.meta.dirname, 'files', 'dmabuf-lab-run.xml'), 'utf8')
  expect(mime).toContain('<mime-type type="application/x-dmabuf-lab-run+json">')
  expect(mime).toContain('<glob pattern="*.labrun"/>')
})

test('the version that the documents and the workflow call for is the one of the schema', () => {
  for (const file of ['docs/desktop.md', '.github/workflows/desktop.yml']) {
    const asked = [...readFileSync(join(root, file), 'utf8').matchAll(/electron-builder@([\d.]*\d)/g)]
    expect(asked.length).toBeGreaterThan(0)
    for (const [, version] of asked) expect(schemaFile, file).toContain(`electron-builder-${version}.`)
  }
})
