import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requestOfFile, requestOfLink, requestsOf } from './openRequests.ts'

const uuid = '3f2b8c1e-7a54-4d21-9c4e-1b2a3c4d5e6f'
const asked = (...words: string[]) => requestsOf({ words, directory: '/home/ada' })

test('a file is a run where it is JSON, else one to load; a relative one is where the person was', () => {
  expect(asked('model.bin', '/data/run-1.JSON')).toEqual([
    { type: 'modelFile', path: '/home/ada/model.bin' },
    { type: 'runFile', path: '/data/run-1.JSON' },
  ])
  expect(requestOfFile('/x/dmabuf-lab-run-1-3f2b8c1e.json').type).toBe('runFile')
  expect(requestOfFile('/x/Slow phone.LabRun').type).toBe('runFile')
  expect(requestOfFile('/x/json').type).toBe('modelFile')
})

test('a link names a run by its UUID', () => {
  expect(requestOfLink(`dmabuf-lab://run/${uuid}`)).toEqual({ type: 'run', uuid })
  expect(asked(`dmabuf-lab://run/${uuid.toUpperCase()}/`)).toEqual([{ type: 'run', uuid }])
})

test.each([
  'dmabuf-lab://run/../../etc/passwd',
  'dmabuf-lab://run/1',
  `dmabuf-lab://delete/${uuid}`,
  `dmabuf-lab://run.evil/${uuid}`,
  `https://run/${uuid}`,
  'file:///etc/passwd',
])('the link %s asks for nothing', link => {
  expect(asked(link)).toEqual([])
})

test('options ask for nothing, whatever they are', () => {
  expect(asked('--no-sandbox', '-h', '--remote-debugging-port=9222', '')).toEqual([])
})

test('no word makes anything but a run by UUID or an absolute path', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), words => {
      for (const request of requestsOf({ words, directory: '/home/ada' })) {
        if (request.type === 'run') expect(request.uuid).toMatch(/^[0-9a-f-]{36}$/)
        else expect(request.path.startsWith('/')).toBe(true)
      }
    }),
  )
})
