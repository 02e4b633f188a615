import fc from 'fast-check'
import { expect, test } from 'vitest'
import { processorList, processorListSchema, processorsOf, processorsProblem } from './processors.ts'

const sets = fc.uniqueArray(fc.integer({ min: 0, max: 1023 }), { minLength: 1, maxLength: 80 })

test('a list is read back as the processors that were written', () => {
  fc.assert(
    fc.property(sets, processors => {
      const sorted = processors.toSorted((a, b) => a - b)
      expect(processorsOf(processorList(sorted))).toEqual(sorted)
    }),
  )
})

test('what a list says in many ways becomes one', () => {
  expect(processorListSchema.parse('3,0-2, 2,6')).toBe('0-3,6')
  for (const wrong of ['', ',', '1-', '3-1', '0-1024', 'a', '-1', '1,,2', '0x1', '1-2-3']) {
    expect(processorListSchema.safeParse(wrong).success, wrong).toBe(false)
  }
})

const little = { processors: '0-3', leastKhz: 300_000, mostKhz: 1_800_000, capKhz: 1_800_000 }
const big = { processors: '4-7', leastKhz: 700_000, mostKhz: 2_800_000, capKhz: 2_800_000 }
const phone = { usable: '0-7', clocks: [little, big], canCapClock: true }

test.each([
  [{ processors: null, clockKhz: null }, phone, null],
  [{ processors: '4-7', clockKhz: 2_000_000 }, phone, null],
  [{ processors: '0-3', clockKhz: 300_000 }, phone, null],
  [{ processors: null, clockKhz: 300_000 }, phone, 'it goes from 700 to 2800 MHz'],
  [{ processors: '0', clockKhz: 2_000_000 }, phone, 'it goes from 300 to 1800 MHz'],
  [{ processors: '6-9', clockKhz: null }, phone, 'cannot run on processors 8-9: the target offers 0-7'],
  [{ processors: null, clockKhz: 1_000_000 }, { ...phone, canCapClock: false }, 'only root may'],
  [{ processors: null, clockKhz: 1_000_000 }, { ...phone, clocks: [] }, 'no cpufreq'],
  [{ processors: '1', clockKhz: 1_000_000 }, { ...phone, clocks: [big] }, 'does not tell the clock'],
] as const)('%j on a target', (asked, offered, why) => {
  const problem = processorsProblem(asked, {
    simulated: false,
    processors: { ...offered, clocks: [...offered.clocks] },
  })
  if (why === null) expect(problem).toBeNull()
  else expect(problem).toContain(why)
})
