import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CallOf, callSchemas } from '../../contract/calls.ts'
import type { ModelTopic } from '../../contract/engine.ts'
import { calibrationSchema } from '../../contract/model.ts'
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

function ask<T extends ModelTopic, C extends CallOf<T>>(topic: T, call: C, input: unknown) {
  return callSchemas[topic][call].output.parse(answerModel(shelf, { topic, call, input }))
}

const phone = { profile: 'ufs4-phone-2024' }

test('every call is answered inside the contract', () => {
  expect(ask('profiles', 'list', {})).toHaveLength(4)
  expect(ask('model', 'predict', { ...phone, schemes: ['normal'], sizesBytes: [GiB] })).toHaveLength(1)
  expect(ask('model', 'sweepGather', { ...phone, scheme: 'read-async-direct', bytes: GiB })).toHaveProperty(
    'bestBytes',
  )
  expect(ask('model', 'published', { profile: null })).toHaveLength(4)
})

test('a calibration is kept on the shelf, and can be copied and deleted', () => {
  const run = hiddenRun([MiB, 4 * MiB, 16 * MiB])
  const { profile } = calibrationSchema.parse(ask('profiles', 'calibrate', { run, name: 'mine' }))
  expect(ask('profiles', 'get', { name: 'mine' })).toEqual(profile)
  ask('profiles', 'save', { ...profile, name: 'copy' })
  ask('profiles', 'delete', { name: 'mine' })
  expect(shelf.list().map(({ name }) => name)).toContain('copy')
  expect(() => ask('profiles', 'get', { name: 'mine' })).toThrow('there is no profile "mine"')
})

test("a calibration under the name of one of the lab's own is refused before the fit", () => {
  const request = { run: hiddenRun([MiB]), name: 'ufs4-phone-2024' }
  expect(() => ask('profiles', 'calibrate', request)).toThrow('stays as it is')
})

test('input outside the contract is refused before anything is done', () => {
  expect(() => ask('model', 'predict', { ...phone, schemes: ['normal'], sizesBytes: [0] })).toThrow(
    'above zero',
  )
  expect(() => ask('profiles', 'get', { name: '../secret' })).toThrow('a profile name')
  const question = { topic: 'model', call: 'toString', input: {} } as const
  expect(() => answerModel(shelf, question)).toThrow('no model.toString')
})
