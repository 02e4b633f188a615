import { expect, test } from 'vitest'
import { schemeIds, schemeOf } from '../../contract/schemes.ts'
import { MiB } from '../../contract/size.ts'
import { firstDraft, readDraft } from './planDraft.ts'
import { ownFile, presets, quickSchemes, withPreset } from './presets.ts'

const memfd = schemeIds.filter(scheme => schemeOf(scheme).family === 'memfd')
const udmabuf = schemeIds.filter(scheme => schemeOf(scheme).family === 'udmabuf')

test('the quick preset shows the most telling pair that can run whole', () => {
  expect(quickSchemes(schemeIds)).toEqual(['read-sync-direct', 'read-async-direct'])
  expect(quickSchemes([...memfd, ...udmabuf])).toEqual(['udmabuf-direct', 'udmabuf-gather-direct'])
  expect(quickSchemes(memfd)).toEqual(['memfd-direct', 'memfd-gather-direct'])
  const withoutTwin = memfd.filter(scheme => scheme !== 'memfd-direct')
  expect(quickSchemes(withoutTwin)).toEqual(withoutTwin.slice(0, 2))
})

test.each(presets)('%s is a plan that can be started, and keeps the rest of the draft', preset => {
  const draft = { ...firstDraft, seed: '77', heap: 'cma', offeredBytes: [3 * MiB] }
  const next = withPreset(draft, preset, memfd)
  const reading = readDraft(next, 'local', next.schemes)
  expect(reading).toMatchObject({ ok: true, plan: { seed: 77, heap: 'cma' } })
  expect(next.offeredBytes).toEqual(expect.arrayContaining([3 * MiB, ...next.sizesBytes]))
  expect(memfd).toEqual(expect.arrayContaining(next.schemes))
})

test('the gather sweep tunes one load, and the own file asks for a path alone', () => {
  const sweep = withPreset(firstDraft, 'gather sweep', memfd)
  const reading = readDraft(sweep, 'local', sweep.schemes)
  expect(reading).toMatchObject({
    ok: true,
    plan: { schemes: ['memfd-gather-direct'], sizesBytes: [256 * MiB] },
  })
  const own = ownFile(sweep, memfd)
  expect(readDraft(own, 'local', own.schemes)).toMatchObject({ ok: false, field: 'path' })
  const chosen = readDraft({ ...own, path: '/data/model' }, 'local', own.schemes)
  expect(chosen).toMatchObject({ ok: true, plan: { file: '/data/model', sizesBytes: [], tuning: null } })
})
