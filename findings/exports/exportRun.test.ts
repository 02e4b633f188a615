import { expect, test } from 'vitest'
import { type ExportFormat, exportedRunSchema, exportFormats } from '../../contract/run.ts'
import { exampleDetail } from '../../db/fixtures/exampleDetail.ts'
import { exampleCapabilities, exampleSample, exampleSpans } from '../../db/fixtures/exampleRun.ts'
import { csvHeader } from './csv.ts'
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
    'dmabuf-lab-run-7-3f1c2b1a.perfetto.json application/json',
  ])
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
      '64 MiB                     n   median          interval  ceiling',
      'memfd-direct               5  68.5 ms   67.1 ms-69.8 ms     49 %',
      'memfd-gather-direct        5  41.1 ms   40.3 ms-41.9 ms     82 %',
      'time / memfd-direct               ratio         interval   level  change',
      'memfd-gather-direct               0.600      0.583-0.618    96 %   -40 %',
    ].join('\n'),
  )
  expect(text).toContain('- udmabuf-direct: unsupported, 1 x, needs /dev/udmabuf')
})

test('simulated figures say so in every format', () => {
  const detail = simulated()
  const spans = () => exampleSpans(2)
  expect(exportRun(detail, spans, 'markdown').text).toMatch(/\*\*SIM\*\*.*\| SIM \|/s)
  expect(exportRun(detail, spans, 'text').text).toMatch(/^SIMULATED: .*64 MiB SIM/s)
  expect(exportRun(detail, spans, 'perfetto').text).toContain('"name":"SIM memfd-direct')
  expect(exportRun(detail, spans, 'csv').text.split('\r\n')[1]).toMatch(/,true,true,false,true,/)
  expect(exportRun(detail, spans, 'text').text).toContain('verified: nothing')
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

test('Perfetto gets a process per sample, a thread per lane and microseconds', () => {
  const { text } = exportRun(exampleDetail(), () => exampleSpans(4), 'perfetto')
  const { traceEvents, displayTimeUnit } = JSON.parse(text)
  expect(displayTimeUnit).toBe('ns')
  expect(traceEvents).toContainEqual({
    ph: 'M',
    name: 'process_name',
    pid: 1,
    tid: 0,
    args: { name: 'memfd-direct 8MiB warm-up 1' },
  })
  expect(traceEvents).toContainEqual({
    ph: 'X',
    name: 'read',
    cat: 'measured',
    pid: 24,
    tid: 2,
    ts: 3_000_000_000,
    dur: 123.456,
    args: { bytes: 4_194_304, gather: 1 },
  })
  expect(traceEvents.filter((event: { ph: string }) => event.ph === 'X')).toHaveLength(24 * 4)
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
  expect(textOf('perfetto').split('"ph":"X"')).toHaveLength(10_000 * 20 + 1)
  expect(JSON.parse(textOf('json')).spans).toHaveLength(10_000 * 20)
  expect(textOf('markdown')).toContain('| 8 MiB | memfd-direct | measured | 10000 | 10.0 ms |')
  expect(textOf('text')).toMatch(/memfd-direct +10000 +10\.0 ms/)
})
