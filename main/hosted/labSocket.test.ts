import { expect, test } from 'vitest'
import { serverFrameSchema } from '../../contract/frame.ts'
import { frameText } from './labSocket.ts'

test('an answer that cannot be written is answered with an error under its id', () => {
  // Like a text beyond V8's limit, a bigint makes JSON.stringify throw, but at once.
  const text = frameText({ id: 7, outcome: { ok: true, value: 1n } })
  expect(serverFrameSchema.parse(JSON.parse(text))).toMatchObject({
    id: 7,
    outcome: { ok: false, error: { kind: 'unsupported', message: expect.stringContaining('too long') } },
  })
})
