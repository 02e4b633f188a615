import { describe, expect, test } from 'vitest'
import type { Plan } from '../contract/plan.ts'
import type { RunDetail } from '../contract/run.ts'
import type { SchemeId } from '../contract/schemes.ts'
import { MiB } from '../contract/size.ts'
import { exampleDetail } from '../db/fixtures/exampleDetail.ts'
import { exampleSample } from '../db/fixtures/exampleRun.ts'
import { isOfArgument } from './kernelOrUserSpaceMeetings.ts'
import { reportOf, samplesCsv } from './kernelOrUserSpaceReport.ts'

const sides: readonly SchemeId[] = ['read-async-direct', 'udmabuf-gather-direct']
const repeats = 7

/** How long `udmabuf-gather-direct` takes in ms where any other scheme takes 100 to 106. */
function runOf(userMs: number, changes: Partial<Plan> = {}): RunDetail {
  const { run } = exampleDetail()
  const plan: Plan = {
    ...run.plan,
    target: 'adb:phone',
    schemes: [...sides],
    sizesBytes: [64 * MiB, 256 * MiB],
    repeats,
    gatherBytes: 32 * MiB,
    directory: '/data/local/tmp/disk-free',
    ...changes,
  }
  const samples = plan.sizesBytes.flatMap(bytes =>
    plan.schemes.flatMap(scheme =>
      Array.from({ length: repeats }, (_, repeat) => {
        const ms = (scheme === 'udmabuf-gather-direct' ? userMs : 100) + repeat
        return exampleSample({ scheme, bytes, repeat, totalNs: ms * 1e6, allocNs: (ms / 2) * 1e6 })
      }),
    ),
  )
  const stored = samples.map((sample, index) => ({ ...sample, id: index + 1, index }))
  return { run: { ...run, uuid: crypto.randomUUID(), plan }, samples: stored }
}

const huge = { hugePages: true }
const most: SchemeId[] = [
  'normal',
  'udmabuf-buffered',
  'udmabuf-direct',
  'sendfile-buffered',
  ...sides,
  'read-sync-direct',
]

describe('the answer', () => {
  test.each([
    [
      300,
      100,
      'the ioctl is faster than a program with pages of 4 KiB; against one with huge pages no difference',
    ],
    [100, 100, 'No comparison on this device shows the ioctl faster.'],
    [300, 300, 'On this device the ioctl is faster.'],
    [50, 50, 'No comparison on this device shows the ioctl faster.'],
  ])('for %i ms with small and %i ms with huge pages, of 100 ms in the kernel', (smallMs, hugeMs, words) => {
    expect(reportOf([runOf(smallMs), runOf(hugeMs, huge)])).toContain(words)
  })

  test('counts the comparisons of each kind of pages, and gives the ratio and both allocation rates', () => {
    const text = reportOf([runOf(300), runOf(100, huge)])
    expect(text).toMatch(
      /With huge pages .* slower in 0, faster in 0 and not told apart in 2 of 2 comparisons\. Its time is 1\.00 times/,
    )
    expect(text).toMatch(
      /With pages of 4 KiB .* slower in 2, faster in 0 and not told apart in 0 of 2 comparisons\. Its time is 2\.94 times/,
    )
    // 256 MiB in half of 303 ms and in half of 103 ms.
    expect(text).toContain('At 256 MiB it allocates 1.77 GB/s, the ioctl 5.21 GB/s')
  })

  test('names what the samples prove and what is marked on them', () => {
    const run = runOf(100)
    run.samples[0]?.marks.push('throttled')
    const [, second] = run.samples
    if (second !== undefined) second.cold = false
    expect(reportOf([run])).toContain(
      '28 samples, 27 of them cold and all verified byte by byte, 1 marked "throttled"',
    )
  })

  test('says how small a p can get with so few repeats', () => {
    // Two orders of C(14, 7) = 3432 are the extreme ones; four comparisons.
    expect(reportOf([runOf(300), runOf(100, huge)])).toContain('the smallest p that can come out is 0.0023')
  })
})

describe('the tables', () => {
  const runs = [runOf(200, { schemes: most }), runOf(300), runOf(100, huge)]
  const text = reportOf(runs)
  const tableUnder = (heading: string) => {
    const section = text.slice(text.indexOf(heading)).split('\n\n')
    return (
      section
        .find(block => block.startsWith('|'))
        ?.split('\n')
        .slice(2) ?? []
    )
  }

  test('lead every row back to a run of the last table', () => {
    expect(tableUnder('## The runs')).toHaveLength(3)
    for (const [index, { run }] of runs.entries())
      expect(text).toContain(`| ${index + 1} | \`${run.uuid}\` |`)
    expect(tableUnder('## Side by side').map(row => row.split(' | ').at(-1))).toEqual([
      '2 |',
      '2 |',
      '3 |',
      '3 |',
    ])
  })

  test('tell where the time goes once for each run of the two sides alone', () => {
    const rows = tableUnder('## Where the time goes').map(row => row.split(' | ').slice(0, 3).join(' '))
    expect(rows).toEqual([
      '| 2 read-async-direct orders 8, 4, 0',
      '| 2 udmabuf-gather-direct 4 KiB',
      '| 3 read-async-direct orders 8, 4, 0',
      '| 3 udmabuf-gather-direct huge',
    ])
  })

  test('show the published order at the largest size that was measured', () => {
    expect(text).toContain('### 256 MiB here, 1 GiB there\n\nMeasured in run 1')
    expect(text).not.toContain('### 8 MiB here')
  })

  test('hold nothing that is no figure', () => {
    expect(text).not.toMatch(/NaN|Infinity|undefined/)
  })
})

test('every sample is in the CSV, after the number of its run', () => {
  const runs = [runOf(300), runOf(100, huge)]
  const [head, ...lines] = samplesCsv(runs).trimEnd().split('\n')
  expect(head).toMatch(/^run,scheme,bytes,/)
  expect(lines).toHaveLength(56)
  expect(lines.filter(line => line.startsWith('2,read-async-direct,268435456,'))).toHaveLength(repeats)
})

test.each([
  ['finished on a device with both sides', {}, {}, true],
  ['one side alone', { schemes: ['read-async-direct' as const] }, {}, false],
  ['a simulation', { target: 'sim:phone' }, {}, false],
  ['cancelled', {}, { status: 'cancelled' as const }, false],
])('a run is of the argument: %s', (_what, plan, run, isOne) => {
  const detail = runOf(100, plan)
  expect(isOfArgument({ ...detail, run: { ...detail.run, ...run } })).toBe(isOne)
})

describe('what Android ships', () => {
  const wrapfd: SchemeId[] = [...sides, 'wrapfd-direct', 'wrapfd-segments-direct', 'udmabuf-list-direct']

  test('stands beside the loader, in a section of its own, and is in the title', () => {
    const text = reportOf([runOf(300), runOf(100, { ...huge, schemes: wrapfd })])
    expect(text).toMatch(/^# User space, the refused patch, and what Android ships\n/)
    expect(text).toContain('not told apart in 2 of 2 comparisons')
    const rows = text.split('\n').filter(line => line.startsWith('| `disk-free` ') && line.endsWith('| 2 |'))
    expect(rows).toHaveLength(2)
    expect(text).toContain('corrected for 4 comparisons')
  })

  test('is not spoken of where no run has it', () => {
    const text = reportOf([runOf(300)])
    expect(text).toMatch(/^# Kernel or user space\?\n/)
    expect(text).not.toContain('## Beside what Android ships')
  })
})
