/**
 * Fits ufs4-phone-2024 to the published table and writes the profile, the profile of the 2025 setup that follows
 * from it, and the report in docs/simulation.md. The same figures give the same files.
 *
 *   node scripts/fit.ts           about four minutes of one core
 *   node scripts/fit.ts --check   writes nothing; fails when the files differ from what the fit gives
 */
import { readFileSync, writeFileSync } from 'node:fs'
import {
  mapParameters,
  type Parameters,
  type ParameterValues,
  profileSchema,
  valuesOf,
  withValues,
} from '../contract/profile.ts'
import {
  figures2024,
  fitToFigures,
  fittedToPressure,
  fittedToTable,
} from '../model/published/publishedFit.ts'
import { fitReport, type LeftOut } from './fitReport.ts'

const profileFile = new URL('../model/profiles/ufs4-phone-2024.json', import.meta.url)
const profile2025File = new URL('../model/profiles/ufs4-phone-2025-1ghz.json', import.meta.url)
const reportFile = new URL('../docs/simulation.md', import.meta.url)

/** Where the fit starts, whatever the profile holds now: rough values by hand from single cells of the table. */
const start = {
  storageBytesPerSecond: 2.45e9,
  storageLatencyNs: 118_000,
  longReadSlowdown: 4.3,
  pageCacheInsertPageNs: 300,
  openNs: 206_000,
  separateMapNs: 983_000,
  heapZeroPageNs: 242,
  shmemPageNs: 600,
  udmabufSetupNs: 361_000,
  pinPageNs: 400,
  copyToHeapPageNs: 2470,
  copyToShmemPageNs: 1900,
  heapFaultPageNs: 1310,
  sendfileSetupNs: 378_000,
  pipeRoundNs: 15_800,
  readerWakeNs: 748_000,
  earlyWaitNs: 1_100_000,
  shortFileSlowdown: 1.31,
  reclaimPageNs: 3300,
}

const notOfTheCpu: ReadonlySet<string> = new Set(['storageLatencyNs', 'segmentNs', 'earlyWaitNs'])
const profile = profileSchema.parse(JSON.parse(readFileSync(profileFile, 'utf8')))
const startValues = valuesOf(withValues(profile, start))
const figures = figures2024()

const values = rounded(fitToFigures(figures, startValues, { iterations: 15, evaluations: 1500 }))
progress('fitted to all figures')
const fitted = withValues(profile, values)
const leftOut = [...leaveOut('bytes'), ...leaveOut('scheme')]

write(profileFile, fileText(fitted))
write(profile2025File, fileText(derive2025(fitted.parameters)))
const report = readFileSync(reportFile, 'utf8')
write(
  reportFile,
  report.replace(
    /(<!-- fit report -->\n)[\s\S]*?(<!-- end of fit report -->)/,
    `$1\n${fitReport(fitted, leftOut)}\n$2`,
  ),
)

/** Refits without one size, or without one scheme, of the table, and looks at what was left out. */
function leaveOut(key: 'bytes' | 'scheme'): LeftOut[] {
  const kinds = [...new Set(figures.map(figure => figure[key]))]
  return kinds.map(kind => {
    const kept = figures.filter(figure => figure[key] !== kind)
    const refitted = fitToFigures(kept, startValues, { iterations: 12, evaluations: 100 })
    progress(`left out ${kind}`)
    return {
      key,
      kind: String(kind),
      figures: figures.filter(figure => figure[key] === kind),
      values: refitted,
    }
  })
}

/** Four digits are more than the figures carry. */
function rounded(exact: ParameterValues): ParameterValues {
  const isFitted = new Set([...fittedToTable, fittedToPressure])
  return mapParameters(id => (isFitted.has(id) ? Number(exact[id].toPrecision(4)) : exact[id]))
}

/** The 2025 series held the CPU at 1 GHz on storage of 4 GB/s: every CPU cost three times as high as at 3 GHz. */
function derive2025(parameters: Parameters) {
  const cpuSlowdown = 3
  const cpuCosts = Object.entries(parameters).flatMap(([id, parameter]) => {
    const isTime = parameter.unit === 'ns' || parameter.unit === 'ns/page'
    if (!isTime || notOfTheCpu.has(id)) return []
    const source = `assumed: ufs4-phone-2024 at a third of its clock (3 GHz to 1 GHz)`
    return [[id, { ...parameter, value: parameter.value * cpuSlowdown, source, fitted: false }] as const]
  })
  const storage = {
    ...parameters.storageBytesPerSecond,
    value: 4e9,
    source: 'message 20250603095245.17478-1-tao.wangtao@honor.com: UFS 4.0 at 4 GB/s',
    fitted: false,
  }
  return {
    name: 'ufs4-phone-2025-1ghz',
    title: 'Phone of the 2025 proposals: UFS 4.0 at 4 GB/s, CPU held at 1 GHz',
    notes: [],
    extends: 'ufs4-phone-2024-uncalibrated',
    features: {},
    parameters: { ...Object.fromEntries(cpuCosts), storageBytesPerSecond: storage },
  }
}

function fileText(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`
}

function write(file: URL, text: string): void {
  if (!process.argv.includes('--check')) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${file.pathname} differs from what the fit gives\n`)
    process.exitCode = 1
  }
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}
