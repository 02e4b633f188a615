import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { calibrationSchema, type ModelCallName, modelCalls } from '../../contract/model.ts'
import { GiB, MiB } from '../../contract/size.ts'
import { hiddenRun } from '../../model/testing/hiddenMachine.ts'
import { answerModel } from './answerModel.ts'
import { ProfileShelf } from './profileShelf.ts'

let home: string
let shelf: ProfileShelf

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-model-'))
  shelf = new ProfileShelf(home)
})

afterAll(() => rmSync(home, { recursive: true }))

function call(name: ModelCallName, input: unknown): unknown {
  return modelCalls[name].output.parse(answerModel(shelf, { ask: 'call', name, input }))
}

const phone = { profile: 'ufs4-phone-2024' }

test('every call is answered inside the contract', () => {
  expect(call('listProfiles', {})).toHaveLength(4)
  expect(call('predict', { ...phone, schemes: ['normal'], sizesBytes: [GiB] })).toHaveLength(1)
  expect(call('sweepGather', { ...phone, scheme: 'read-async-direct', bytes: GiB })).toHaveProperty(
    'bestBytes',
  )
  expect(call('publishedTable', { profile: null })).toHaveLength(4)
})

test('a calibration is kept on the shelf, and can be copied and deleted', () => {
  const run = hiddenRun([MiB, 4 * MiB, 16 * MiB])
  const { profile } = calibrationSchema.parse(answerModel(shelf, { ask: 'calibrate', run, name: 'mine' }))
  expect(call('getProfile', { name: 'mine' })).toEqual(profile)
  call('saveProfile', { ...profile, name: 'copy' })
  call('deleteProfile', { name: 'mine' })
  expect(shelf.list().map(({ name }) => name)).toContain('copy')
  expect(() => call('getProfile', { name: 'mine' })).toThrow('there is no profile "mine"')
})

test("a calibration under the name of one of the lab's own is refused before the fit", () => {
  const question = { ask: 'calibrate', run: hiddenRun([MiB]), name: 'ufs4-phone-2024' } as const
  expect(() => answerModel(shelf, question)).toThrow('stays as it is')
})

test('input outside the contract is refused before anything is done', () => {
  expect(() => call('predict', { ...phone, schemes: ['normal'], sizesBytes: [0] })).toThrow('above zero')
  expect(() => call('getProfile', { name: '../secret' })).toThrow('a profile name')
})
