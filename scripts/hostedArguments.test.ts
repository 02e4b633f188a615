import { expect, test } from 'vitest'
import { hostedArguments } from './hostedArguments.ts'

test('options go to the hosted shell with their values; files and links cannot', () => {
  expect(
    hostedArguments(['--port', '8080', 'model.bin', '--no-open', 'dmabuf-lab://run/1', '--db', 'a.db']),
  ).toEqual({
    passed: ['--port', '8080', '--no-open', '--db', 'a.db'],
    dropped: ['model.bin', 'dmabuf-lab://run/1'],
  })
})
