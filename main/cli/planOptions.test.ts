import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { planFrom } from './planOptions.ts'

const given = {
  schemes: ['memfd-direct'],
  sizes: [],
  verify: true,
  ceiling: true,
  file: 'model.bin',
  dir: '../files',
}

test('a relative path is kept whole on this machine, so that a resumed run reads the same file', () => {
  expect(planFrom({ ...given, target: 'local' })).toMatchObject({
    file: resolve('model.bin'),
    directory: resolve('../files'),
  })
})

test("a path on a device is the device's own", () => {
  expect(planFrom({ ...given, target: 'adb:phone' })).toMatchObject({
    file: 'model.bin',
    directory: '../files',
  })
})

test('a file of your own is not made in a state, a generated one is', () => {
  const generated = { ...given, target: 'local', sizes: [4096], file: undefined, fileState: 'verity' }
  expect(planFrom(generated)).toMatchObject({ file: null, fileState: 'verity' })
  expect(() => planFrom({ ...given, target: 'local', fileState: 'verity' })).toThrow(
    '--file-state: a file of your own has the state that it has',
  )
  expect(() => planFrom({ ...generated, target: 'sim:ufs4-phone-2024' })).toThrow(
    '--file-state: a simulated file has no state',
  )
})
