import fc from 'fast-check'
import { expect, test } from 'vitest'
import { storedSample } from '../../findings/testing/storedSample.ts'
import { textOfZoom, zoomOf } from './pictureView.ts'
import { pinsIn, textOfPins } from './pinPlaces.ts'

const id = fc.integer({ min: 1, max: 1e14 })

test('pins come back from the address as they went into it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, id), { maxLength: 20 }), pairs => {
      const pins = pairs.map(([runId, sampleId]) => ({ runId, sample: storedSample({ id: sampleId }) }))
      expect(pinsIn(textOfPins(pins))).toEqual(pairs.map(([runId, sampleId]) => ({ runId, sampleId })))
    }),
  )
})

test('what somebody wrote into an address pins nothing that is no place', () => {
  expect(pinsIn('1.2_x_3.4.5_-1.2_0.1_6.7')).toEqual([
    { runId: 1, sampleId: 2 },
    { runId: 6, sampleId: 7 },
  ])
})

test('a zoom comes back, and any other text is the whole axis', () => {
  expect(zoomOf(textOfZoom({ min: 12_000.4, max: 34_000 }))).toEqual({ min: 12_000, max: 34_000 })
  for (const text of ['', '5', '9-3', '3-3', 'a-b', '-1-4', '1e3-2e3']) expect(zoomOf(text)).toBeNull()
})
