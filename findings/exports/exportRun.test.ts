import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ExportFormat, exportedRunSchema, exportFormats } from '../../contract/run.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { exampleDetail } from '../../db/fixtures/exampleDetail.ts'
import {
  exampleAndroid,
  exampleCapabilities,
  exampleSample,
  exampleSpans,
} from '../../db/fixtures/exampleRun.ts'
import { pipeline } from '../testing/pipeline.ts'
import { csvHeader } from './csv.ts'
import type { SpansOf } from './exporter.ts'
import { exportRun } from './exportRun.ts'

const noSpans = () => []

function withFailures() {
  const detail = exampleDetail()
  const index = detail.samples.length
  const failed = { status: 'failed', totalNs: null, reason: 'read: "EIO", at 4096\r\n| again' } as const
  detail.samples.push(
    { ...exampleSample({ scheme: 'memfd-sendfile-direct', ...failed }), id: 90, index },
    {
      ...exampleSample({ scheme: 'udmabuf-direct', status: 'unsupported', reason: 'needs /dev/udmabuf' }),
      id: 91,
      index: index + 1,
    },
  )
  return detail
}

function simulated() {
  const detail = exampleDetail()
  detail.run.plan.target = 'sim:phone-2024'
  for (const sample of detail.samples) Object.assign(sample, { simulated: true, verified: false })
  return detail
}

test('every format has a file name of its own and a media type', () => {
  const files = exportFormats.map(format => exportRun(exampleDetail(), noSpans, format))
  expect(files.map(file => `${file.fileName} ${file.mediaType}`)).toEqual([
    'dmabuf-lab-run-7-3f1c2b1a.csv text/csv',
    'dmabuf-lab-run-7-3f1c2b1a.json application/json',
    'dmabuf-lab-run-7-3f1c2b1a.md text/markdown',
    'dmabuf-lab-run-7-3f1c2b1a.txt text/plain',
    'dmabuf-lab-run-7-3f1c2b1a.html text/html',
    'dmabuf-lab-run-7-3f1c2b1a.svg image/svg+xml',
    'dmabuf-lab-run-7-3f1c2b1a.perfetto.json application/json',
  ])
})

test('the Android of a device is in every format that tells the machine, and in none of a run that has none', () => {
  const found = exampleCapabilities()
  const capabilities = { ...found, environment: { ...found.environment, android: exampleAndroid } }
  const formats = ['json', 'markdown', 'text', 'html'] as const
  for (const format of formats) {
    const { text } = exportRun(exampleDetail(0.6, capabilities), noSpans, format)
    expect(text, format).toContain(exampleAndroid.fingerprint)
    expect(exportRun(exampleDetail(), noSpans, format).text, format).not.toMatch(/android/i)
  }
  const { text } = exportRun(exampleDetail(0.6, capabilities), noSpans, 'json')
  const { run } = exportedRunSchema.parse(JSON.parse(text))
  expect(run.capabilities?.environment.android).toEqual(exampleAndroid)
})

test('CSV has the contract header, CRLF, and quotes only what needs it', () => {
  const detail = withFailures()
  detail.samples[0]?.marks.push('warm', 'throttled')
  const { text } = exportRun(detail, noSpans, 'csv')
  expect(text.startsWith(`${csvHeader}\r\n`)).toBe(true)
  const lines = text.split('\r\n')
  expect(lines[1]).toBe(
    '3f1c2b1a-6a64-4f0b-9d5e-0a1b2c3d4e5f,local,2026-11-21T20:02:53.123Z,0.1.0,' +
      'memfd-direct,8388608,0,true,,ok,,8388608,20000,3355443,100000,,5033165,300000,,,4194304,1,' +
      'true,true,true,false,999999999.9999999,0.49999999999999994,warm; throttled,' +
      '8388608,,,,9000000,,,,,,,,,,,,,,,,,,',
  )
  expect(text).toContain('failed,"read: ""EIO"", at 4096\r\n| again",,20000')
  expect(text.endsWith('\r\n')).toBe(true)
})

test('the plain text says why a run did not finish', () => {
  const detail = exampleDetail()
  detail.run.status = 'failed'
  detail.run.reason = '/data/model is a directory'
  expect(exportRun(detail, noSpans, 'text').text).toMatch(
    /failed.*\nReason: {2}\/data\/model is a directory\n$/s,
  )
})

test('JSON is what the contract says, with every span under its sample', () => {
  const detail = exampleDetail()
  const { text } = exportRun(detail, id => exampleSpans(id % 3), 'json')
  const exported = exportedRunSchema.parse(JSON.parse(text))
  expect(exported.run).toEqual(detail.run)
  expect(exported.samples).toEqual(detail.samples)
  const expected = detail.samples.flatMap(sample =>
    exampleSpans(sample.id % 3).map(span => ({ ...span, sampleIndex: sample.index })),
  )
  expect(exported.spans).toEqual(expected)
})

test('Markdown begins with the answer and holds the evidence', () => {
  const { text } = exportRun(withFailures(), noSpans, 'markdown')
  expect(text.split('\n')[0]).toBe(
    '# At 64 MiB overlapping saves 40 % (38 to 42 %, 96 % interval); memfd-gather-direct reaches 82 % of the storage’s ceiling.',
  )
  const row =
    '| 64 MiB | memfd-gather-direct | measured | 5 | 41.1 ms | 40.3 ms to 41.9 ms | 1.63 GB/s | 82 % |' +
    ' 0.600 (0.583 to 0.618, 96 %) | faster |'
  expect(text).toContain(row)
  expect(text).toContain('Against memfd-direct. Time ratios: the Hodges-Lehmann estimate')
  expect(text).toContain('Each interval stands for its own row alone')
  expect(text).toContain('the weakest interval covers the median with 93 %')
  expect(text).toContain(
    '| 64 MiB | memfd-gather-direct | 3 | 28.7 ms | 37.0 ms | 65.7 ms | 2.87 ms | 25.9 ms | 39.8 ms | 41.1 ms | 86 % |',
  )
  expect(text).toContain('| memfd-sendfile-direct | failed | 1 | read: "EIO", at 4096 \\| again |')
  expect(text).toContain('| udmabuf-direct | unsupported | 1 | needs /dev/udmabuf |')
  expect(text).toContain('| kernel | 6.18.0-test |')
  expect(text).not.toContain('SIM')
})

test('a report whose repeats cannot decide says so, with the estimate, its level and one p-value', () => {
  const detail = exampleDetail()
  detail.samples = detail.samples.filter(({ repeat }) => repeat < 3)
  const { text } = exportRun(detail, noSpans, 'markdown')
  expect(text).toContain('4 of each can')
  expect(text).toContain('(0.588 to 0.612, 90 %) | faster |')
  expect(text.match(/p = \S+/g)).toEqual(['p = 0.10.'])
})

test('every row of a Markdown table has as many cells as its header', () => {
  const { text } = exportRun(withFailures(), noSpans, 'markdown')
  const cells = (line: string) => line.split(/(?<!\\)\|/).length
  const tables = text.split('\n\n').filter(block => block.startsWith('|'))
  expect(tables.length).toBeGreaterThan(5)
  for (const table of tables) {
    const lines = table.trimEnd().split('\n')
    expect(new Set(lines.map(cells)), table).toEqual(new Set([cells(lines[0] ?? '')]))
  }
})

test('the mailing-list text is plain, aligned and at most 72 columns wide', () => {
  const { text } = exportRun(withFailures(), noSpans, 'text')
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(72)
  expect(text).toMatch(/^[\n\x20-\x7e]*$/)
  expect(text).toContain(
    [
      '64 MiB                    alloc     I/O   total  GB/s  ratio    interval',
      'memfd-direct            27.4 ms 41.1 ms 68.5 ms 0.980      1',
      'memfd-gather-direct     28.7 ms 37.0 ms 41.1 ms  1.63  0.600 0.583-0.618',
      '                            n             total    level ceiling  change',
      'memfd-direct                5   67.1 ms-69.8 ms             49 %',
      'memfd-gather-direct         5   40.3 ms-41.9 ms     96 %    82 %   -40 %',
    ].join('\n'),
  )
  expect(text).toContain('- udmabuf-direct: unsupported, 1 x, needs /dev/udmabuf')
})

test('the mailing-list text stays within its columns, however near, far, quick or slow the loads are', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.001, max: 99, noNaN: true }),
      fc.integer({ min: 0, max: 4 }),
      (factor, slow) => {
        const detail = exampleDetail(factor)
        const samples = detail.samples.map(sample => ({
          ...sample,
          totalNs: sample.totalNs === null ? null : sample.totalNs * 10 ** slow,
        }))
        const { text } = exportRun({ ...detail, samples }, noSpans, 'text')
        const rows = text.split('\n').filter(line => /^(memfd-|\d+ MiB)/.test(line) && / {2}/.test(line))
        expect(rows.length).toBeGreaterThan(5)
        for (const row of rows) expect(row.length, row).toBeLessThanOrEqual(72)
      },
    ),
    { numRuns: 40 },
  )
})

test('simulated figures say so in every format', () => {
  const detail = simulated()
  const spans = () => exampleSpans(2)
  expect(exportRun(detail, spans, 'markdown').text).toMatch(/\*\*SIM\*\*.*\| SIM \|/s)
  expect(exportRun(detail, spans, 'text').text).toMatch(/^SIMULATED: .*64 MiB SIM/s)
  expect(exportRun(detail, spans, 'perfetto').text).toContain('"name":"SIM memfd-direct"')
  expect(exportRun(detail, spans, 'csv').text.split('\r\n')[1]).toMatch(/,true,true,false,true,/)
  expect(exportRun(detail, spans, 'text').text).toContain('verified: nothing')
})

describe('the report in one file', () => {
  const htmlOf = (detail = exampleDetail(), spans: SpansOf = () => exampleSpans(4)) =>
    exportRun(detail, spans, 'html').text

  test('begins with the answer, then the picture, why, the tables, the environment and the command', () => {
    const html = htmlOf(withFailures())
    const order = [
      '<h1>At 64 MiB overlapping saves 40 %',
      '<h2>Cost per GiB</h2>',
      '<svg',
      '<h2>Why at 64 MiB</h2>',
      '<h2>Load time</h2>',
      '<td class="number">41.1 ms</td>',
      '<h2>The two formulas</h2>',
      '<h2>What a load costs beside its time</h2>',
      '<h2>Not measured</h2>',
      '<td>needs /dev/udmabuf</td>',
      '<h2>Environment</h2>',
      '<td>6.18.0-test</td>',
      '<h2>Measure it again</h2>',
      '<pre>npm run lab -- run --target local --schemes memfd-direct,memfd-gather-direct --sizes 8MiB,64MiB',
    ]
    const places = order.map(part => html.indexOf(part))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('needs no script and nothing from elsewhere', () => {
    const html = htmlOf()
    expect(html).not.toMatch(/<script|\son\w+=|@import|<link|<img|src=/i)
    expect(new Set(html.match(/https?:[^"'\s]*/g))).toEqual(new Set(['http://www.w3.org/2000/svg']))
  })

  test('holds what is foreign as text alone', () => {
    const hostile = `"><script>alert(1)</script>&'\u202e\u0000<img src=x onerror=alert(1)>`
    const detail = withFailures()
    detail.run.reason = hostile
    detail.run.labVersion = hostile
    detail.run.plan.file = `/data/${hostile}`
    detail.run.capabilities = { ...exampleCapabilities(hostile), title: hostile }
    detail.samples = detail.samples.map(sample =>
      sample.status === 'failed' ? { ...sample, reason: hostile } : sample,
    )
    for (const format of ['html', 'svg'] as const) {
      const { text } = exportRun(detail, () => exampleSpans(4), format)
      expect(text).not.toMatch(/<script|<img|\u202e|\0/)
      expect(text).toContain('&lt;script&gt;alert(1)')
    }
  })

  test('draws the pair that is asked for, and else the one that the page opens on', () => {
    const svg = (scheme: SchemeId | null) => exportRun(exampleDetail(), noSpans, 'svg', scheme).text
    expect(svg(null)).toContain('memfd-direct against memfd-gather-direct')
    expect(svg('memfd-gather-direct')).toBe(svg(null))
    expect(svg(null)).toContain('overlap hides 40 %')
    expect(svg('memfd-direct')).toBe(svg(null))
    expect(() => svg('normal')).toThrow('normal was not measured in this run')
  })

  test('a picture is well-formed, whatever was measured', () => {
    for (const detail of [exampleDetail(), withFailures(), simulated()]) {
      const { text } = exportRun(detail, noSpans, 'svg')
      const tags = text.match(/<\/?[a-z]+[^>]*>/g) ?? []
      const open: string[] = []
      for (const tag of tags) {
        const [, closing, name, selfClosing] = /^<(\/?)([a-zA-Z]+)[^>]*?(\/?)>$/.exec(tag) ?? []
        if (selfClosing === '/') continue
        if (closing === '/') expect(open.pop()).toBe(name)
        else open.push(name ?? '')
      }
      expect(open).toEqual([])
      expect(text).not.toMatch(/NaN|Infinity|undefined|null/)
    }
  })

  test('a simulated run says so in its report and in its picture', () => {
    expect(htmlOf(simulated())).toContain('Every figure here is simulated')
    expect(exportRun(simulated(), noSpans, 'svg').text).toContain('SIM  Cost per GiB')
  })
})

test('a run without a single load is reported, not refused', () => {
  const detail = exampleDetail()
  const empty = { run: { ...detail.run, capabilities: null, ceiling: null }, samples: [] }
  for (const format of exportFormats) expect(exportRun(empty, noSpans, format).text).not.toBe('')
  expect(exportRun(empty, noSpans, 'markdown').text).toMatch(/^# No load was measured\./)
})

test('a run of one repeat claims nothing', () => {
  const detail = exampleDetail()
  const once = detail.samples.filter(sample => sample.repeat === 0 && !sample.warmup)
  const { text } = exportRun({ ...detail, samples: once }, noSpans, 'markdown')
  expect(text).toContain('0.600 (no interval: one load each) | \\~ |')
  expect(text).toContain('the weakest interval covers the median with 0 %')
})

describe('the trace for Perfetto', () => {
  type Event = {
    ph: string
    name: string
    pid: number
    tid: number
    ts: number
    dur: number
    id: number
    args: Record<string, number | string>
  }
  const pipelined = pipeline(Array.from({ length: 4 }, () => ({ allocNs: 1_000_000, readNs: 3_000_000 })))
  const trace = (detail = exampleDetail(), spans = pipelined) =>
    JSON.parse(exportRun(detail, () => spans, 'perfetto').text)
  const eventsOf = (phase: string, from = trace()): Event[] =>
    from.traceEvents.filter((event: Event) => event.ph === phase)

  test('has a process per scheme, a thread per lane, and names its gathers', () => {
    const named = eventsOf('M').map(({ name, pid, args }) => `${name} ${pid} ${args.name}`)
    expect(named).toContain('process_name 1 memfd-direct')
    expect(named).toContain('process_name 2 memfd-gather-direct')
    expect(named).toEqual(expect.arrayContaining(['thread_name 1 loads', 'thread_name 1 reader-0']))
    const names = new Set(eventsOf('X').map(({ name }) => name))
    expect([...names]).toEqual(
      expect.arrayContaining([
        'memfd-direct 8MiB warm-up 1',
        'memfd-direct 64MiB repeat 5',
        'alloc 0',
        'read 3',
      ]),
    )
  })

  test('has the samples one after another, in the order of the run', () => {
    const loads = eventsOf('X').filter(({ tid }) => tid === 1)
    expect(loads).toHaveLength(24)
    expect(loads.map(({ args }) => args.sample)).toEqual(loads.map((_, index) => index))
    for (const [index, load] of loads.slice(1).entries()) {
      const before = loads[index]
      expect(load.ts).toBeGreaterThan((before?.ts ?? 0) + (before?.dur ?? 0))
    }
  })

  test('has an arrow from the pages of each gather to its read, and none to elsewhere', () => {
    const slices = eventsOf('X')
    const starts = eventsOf('s')
    const ends = new Map(eventsOf('f').map(event => [event.id, event]))
    expect(starts).toHaveLength(24 * 4)
    expect(ends.size).toBe(starts.length)
    const sliceAt = (at: Event | undefined) =>
      slices.find(({ pid, tid, ts }) => pid === at?.pid && tid === at.tid && ts === at.ts)
    for (const start of starts) {
      const [from, to] = [sliceAt(start), sliceAt(ends.get(start.id))]
      expect(from?.name).toMatch(/^alloc \d$/)
      expect(to?.name).toBe(from?.name.replace('alloc', 'read'))
    }
  })

  test('counts the bytes that have pages and those that are filled, up to the file', () => {
    const [first, ...rest] = eventsOf('C')
    expect(first?.args).toEqual({ allocated: 0, read: 0 })
    const filled = pipelined
      .filter(({ phase }) => phase === 'read')
      .reduce((sum, { bytes }) => sum + bytes, 0)
    expect(Math.max(...rest.map(({ args }) => Number(args.read)))).toBe(filled)
  })

  test('holds the plan, the machine and the ceiling', () => {
    const detail = exampleDetail()
    const { otherData, displayTimeUnit } = trace(detail)
    expect(displayTimeUnit).toBe('ns')
    expect(otherData).toMatchObject({ plan: detail.run.plan, kernel: '6.18.0-test', run: detail.run.uuid })
    expect(otherData.ceilingBytesPerSecond).toBe(2_000_000_000)
  })

  test('a load that failed is an instant that says why', () => {
    const failed = eventsOf('i', trace(withFailures(), []))
    expect(failed.map(({ name }) => name)).toEqual(['memfd-sendfile-direct 8MiB repeat 1 failed'])
    expect(failed.map(({ args }) => args.reason)).toEqual(['read: "EIO", at 4096\r\n| again'])
  })
})

test('ten thousand samples are exported in every format', () => {
  const detail = exampleDetail()
  const repeats = Array.from({ length: 10_000 }, (_, index) => ({
    ...exampleSample({ repeat: index, totalNs: 10_000_000 + index }),
    id: index + 1,
    index,
  }))
  const large = { run: { ...detail.run, capabilities: exampleCapabilities() }, samples: repeats }
  const textOf = (format: ExportFormat) => exportRun(large, () => exampleSpans(20), format).text
  expect(textOf('csv').split('\r\n')).toHaveLength(1 + 10_000 + 1)
  expect(textOf('perfetto').split('"ph":"X"')).toHaveLength(10_000 * 21 + 1)
  expect(JSON.parse(textOf('json')).spans).toHaveLength(10_000 * 20)
  expect(textOf('markdown')).toContain('| 8 MiB | memfd-direct | measured | 10000 | 10.0 ms |')
  expect(textOf('text')).toMatch(/memfd-direct +10000 +10\.0 ms-10\.0 ms/)
})
