import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fittedParameters, type Profile, valuesOf, withValues } from '../../contract/profile.ts'
import { ProfileShelf } from './profileShelf.ts'

let home: string
let shelf: ProfileShelf

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-profiles-'))
  shelf = new ProfileShelf(home)
})

afterEach(() => rmSync(home, { recursive: true }))

function own(differences: Partial<Profile> = {}): Profile {
  return { ...shelf.get('ufs4-phone-2024'), name: 'mine', ...differences }
}

function writeOwn(text: string, name = 'mine'): void {
  mkdirSync(join(home, 'profiles'), { recursive: true })
  writeFileSync(join(home, 'profiles', `${name}.json`), text)
}

/** A file of a user's own with some parameters changed; `undefined` leaves one out. */
function writeChanged(parameters: Record<string, unknown>): void {
  writeOwn(JSON.stringify({ ...own(), parameters: { ...own().parameters, ...parameters } }))
}

test('a folder that takes no folders is said in a sentence, at once', () => {
  const unkept = new ProfileShelf('/proc/nowhere/deep')
  expect(() => unkept.save(own())).toThrow(
    '/proc/nowhere/deep/profiles/mine.json cannot be written: ENOENT: no such file',
  )
})

describe("the lab's own profiles", () => {
  test('are complete and have at most 20 fitted parameters', () => {
    const summaries = shelf.list()
    expect(summaries.map(({ name }) => name)).toContain('ufs4-phone-2024')
    for (const { name, problem } of summaries) {
      expect(problem).toBe('')
      expect(fittedParameters(shelf.get(name)).length, name).toBeLessThanOrEqual(20)
    }
  })

  test('say for every parameter where it comes from', () => {
    for (const parameter of Object.values(shelf.get('ufs4-phone-2024').parameters)) {
      expect(parameter.source).toMatch(
        /^(fit to|assumed: |message |breakdown |fault-around|one bio|UFS|16 pages|drivers|struct)/,
      )
    }
  })

  test('the uncalibrated one differs in the calibration factors alone', () => {
    const calibrated = valuesOf(shelf.get('ufs4-phone-2024'))
    const factorsOff = { longReadSlowdown: 1, shortFileSlowdown: 1, earlyWaitNs: 0 }
    expect(valuesOf(shelf.get('ufs4-phone-2024-uncalibrated'))).toEqual({ ...calibrated, ...factorsOff })
  })

  test('stay as they are', () => {
    expect(() => shelf.save(own({ name: 'ufs4-phone-2024' }))).toThrow('stays as it is')
    expect(() => shelf.delete('ufs4-phone-2024')).toThrow('stays as it is')
  })
})

describe("a user's profile", () => {
  test('is kept, listed, found and deleted', () => {
    shelf.save(withValues(own(), { storageLatencyNs: 90_000 }))
    expect(shelf.get('mine').parameters.storageLatencyNs.value).toBe(90_000)
    expect(shelf.list().at(-1)).toEqual({ name: 'mine', title: own().title, bundled: false, problem: '' })
    shelf.delete('mine')
    expect(readdirSync(join(home, 'profiles'))).toEqual([])
    expect(() => shelf.get('mine')).toThrow('there is no profile "mine"')
  })

  test('may hold only what differs from another', () => {
    const { storageLatencyNs } = own().parameters
    writeOwn(
      JSON.stringify({
        name: 'mine',
        title: 'Mine',
        notes: [],
        extends: 'ufs4-phone-2024',
        features: { heapCpuAccess: false },
        parameters: { storageLatencyNs: { ...storageLatencyNs, value: 5 } },
      }),
    )
    expect(shelf.get('mine').features.heapCpuAccess).toBe(false)
    expect(valuesOf(shelf.get('mine'))).toEqual({ ...valuesOf(own()), storageLatencyNs: 5 })
  })

  test('that extends itself is refused', () => {
    const derived = { title: 'x', notes: [], features: {}, parameters: {} }
    writeOwn(JSON.stringify({ ...derived, name: 'mine', extends: 'other' }))
    writeOwn(JSON.stringify({ ...derived, name: 'other', extends: 'mine' }), 'other')
    expect(() => shelf.get('mine')).toThrow('extends itself')
  })

  test('cannot be reached outside its folder', () => {
    expect(() => shelf.get('../../etc/passwd')).toThrow('there is no profile')
  })
})

describe('a damaged profile is refused with the path in its file', () => {
  const latency = { unit: 'ns', meaning: 'm', source: 's', fitted: false }

  test.each([
    ['missing', { storageLatencyNs: undefined }, 'parameters.storageLatencyNs'],
    ['negative', { storageLatencyNs: { ...latency, value: -1 } }, 'parameters.storageLatencyNs.value'],
    [
      'beyond its range',
      { storageLatencyNs: { ...latency, value: 1e11 } },
      'parameters.storageLatencyNs.value: a number from 0 to 10000000000 ns',
    ],
    [
      'in another unit',
      { storageLatencyNs: { ...latency, unit: 'ms', value: 1 } },
      'parameters.storageLatencyNs.unit',
    ],
    [
      'without a source',
      { storageLatencyNs: { ...latency, value: 1, source: '' } },
      'parameters.storageLatencyNs.source',
    ],
    ['unknown', { warpFactor: { ...latency, value: 9 } }, 'warpFactor'],
  ])('%s', (_what, change, path) => {
    writeChanged(change)
    const refused = () => shelf.get('mine')
    expect(refused).toThrow(join(home, 'profiles', 'mine.json'))
    expect(refused).toThrow(path)
  })

  test('infinite', () => {
    const latencyValue = String(own().parameters.storageLatencyNs.value)
    writeOwn(
      JSON.stringify(own()).replace(`{"value":${latencyValue},"unit":"ns"`, '{"value":1e999,"unit":"ns"'),
    )
    expect(() => shelf.get('mine')).toThrow('parameters.storageLatencyNs.value')
  })

  test('no JSON at all, and still listed with its problem', () => {
    writeOwn('{"name": ')
    expect(() => shelf.get('mine')).toThrow('is not JSON')
    expect(shelf.list().at(-1)).toMatchObject({
      name: 'mine',
      problem: expect.stringContaining('is not JSON'),
    })
  })
})
