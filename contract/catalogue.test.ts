import { describe, expect, it } from 'vitest'
import { callNames, calls, eventNames, events } from './calls.ts'
import {
  bufferKinds,
  families,
  plainReadOf,
  type Scheme,
  schemeCatalogue,
  schemeIds,
  schemeOf,
  schemesOfFamily,
} from './schemes.ts'
import { requirementStates, schemeStatuses } from './target.ts'

describe('the scheme catalogue', () => {
  it('names every scheme once and puts each in a family', () => {
    expect(new Set(schemeIds).size).toBe(schemeIds.length)
    expect(families.flatMap(schemesOfFamily)).toHaveLength(schemeCatalogue.length)
  })

  it('says direct where a scheme needs O_DIRECT, and nowhere else', () => {
    for (const id of schemeIds) {
      const scheme = schemeOf(id)
      expect(scheme.needs.includes('o-direct'), id).toBe(scheme.ioMode === 'direct')
      expect(id.includes('direct'), id).toBe(scheme.ioMode === 'direct')
    }
  })

  it('sets every overlapped scheme beside one that differs in nothing else, and no serial one', () => {
    const workOf = ({ family, buffer, ioMode, fill, needs }: Scheme) => ({
      family,
      buffer,
      ioMode,
      fill,
      needs,
    })
    for (const scheme of schemeIds.map(schemeOf)) {
      const twin = scheme.twin === null ? null : schemeOf(scheme.twin)
      expect(twin?.overlap ?? null, scheme.id).toBe(scheme.overlap === 'serial' ? null : 'serial')
      if (twin !== null) expect(workOf(twin), scheme.id).toEqual(workOf(scheme))
    }
  })

  it('fills every buffer in an ordinary way', () => {
    expect(bufferKinds.map(plainReadOf)).toEqual(['normal', 'udmabuf-buffered', 'memfd-buffered'])
  })
})

describe('schemeStatuses', () => {
  it('gives every scheme a row, and every unmet need its words', () => {
    const states = requirementStates(id => (id === 'udmabuf' ? 'needs /dev/udmabuf' : ''))
    const rows = schemeStatuses(states)
    expect(rows.map(row => row.scheme)).toEqual(schemeIds)
    expect(rows.filter(row => !row.can).every(row => row.why === 'needs /dev/udmabuf')).toBe(true)
    expect(rows.filter(row => !row.can)).toHaveLength(6)
  })

  it('names all that is missing at once', () => {
    const rows = schemeStatuses(requirementStates(id => `no ${id}`))
    expect(rows.find(row => row.scheme === 'sendfile-direct')?.why).toBe(
      'no dma-heap; no heap-cpu-access; no dmabuf-sendfile; no o-direct',
    )
  })
})

describe('a reason that two needs share', () => {
  it('is said once', () => {
    const rows = schemeStatuses(requirementStates(() => 'needs /dev/dma_heap/system'))
    expect(rows.find(row => row.scheme === 'normal')?.why).toBe('needs /dev/dma_heap/system')
  })
})

describe('the table of calls and events', () => {
  it('lists its own names', () => {
    expect(callNames).toContain('runs.start')
    expect(new Set(callNames).size).toBe(callNames.length)
    expect(eventNames).toEqual(Object.keys(events))
  })

  it('refuses what is not of its form, on the way in and on the way out', () => {
    expect(calls.runs.cancel.input.safeParse({ runId: 1.5 }).success).toBe(false)
    expect(calls.runs.cancel.input.safeParse({ runId: 1, more: true }).success).toBe(false)
    expect(calls.targets.inspectFile.output.safeParse({ path: '/f', bytes: -1 }).success).toBe(false)
    expect(events.runDeleted.safeParse({}).success).toBe(false)
  })
})
