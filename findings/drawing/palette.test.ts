import { expect, test } from 'vitest'
import { familyColours, phaseColours } from './palette.ts'
import { distance, hueAngle, hueOf, visions } from './testing/colourVision.ts'

/** In OKLab: five times what can just be told apart. */
const leastDistance = 0.1
const leastAngle = 20

for (const theme of ['light', 'dark'] as const) {
  const phases = Object.entries(phaseColours[theme])

  test(`no phase shares a hue with a family of schemes (${theme})`, () => {
    const hues = Object.values(familyColours[theme])
      .flatMap(tones => [tones.serial, tones.overlapped])
      .flatMap(colour => hueOf(colour) ?? [])
    expect(hues).toHaveLength(10)
    for (const [phase, colour] of phases) {
      const hue = hueOf(colour)
      if (hue === null) continue
      const nearest = Math.min(...hues.map(other => hueAngle(hue, other)))
      expect(nearest, phase).toBeGreaterThan(leastAngle)
    }
  })

  for (const vision of visions) {
    test(`any two phases stay apart with ${vision} vision (${theme})`, () => {
      const pairs = phases.flatMap((one, index) =>
        phases.slice(index + 1).map(other => [one, other] as const),
      )
      for (const [[phase, colour], [other, otherColour]] of pairs) {
        expect(distance(colour, otherColour, vision), `${phase} and ${other}`).toBeGreaterThan(leastDistance)
      }
    })
  }
}

test('the simulation merges what a deuteranope cannot tell apart, and leaves white and black alone', () => {
  expect(distance('#b8860b', '#7a9a20', 'deuteranopia')).toBeLessThan(0.06)
  expect(distance('#b8860b', '#7a9a20', 'normal')).toBeGreaterThan(0.1)
  for (const vision of visions) expect(distance('#000000', '#ffffff', vision)).toBeCloseTo(1, 2)
})
