import { fail } from '../contract/error.ts'
import type { ExportedRun, Run } from '../contract/run.ts'
import { type Mark, type Sample, type StoredSample, sampleKey } from '../contract/sample.ts'
import { targetKind } from '../contract/target.ts'

/** Figures are derived once and rounded once; further apart they are two measurements. */
const tolerance = 1e-3
/** Of times that are rounded, or taken from two clocks of one machine. */
const toleranceNs = 1000

/**
 * What the schema cannot say: that a run agrees with itself. An export of the lab always does.
 * @throws LabFailure `bad-input` naming the path in the file.
 */
export function checkAgreement({ run, samples, spans }: ExportedRun): void {
  checkPlaces(samples)
  checkRun(run, samples)
  samples.forEach((sample, index) => {
    checkLoad(sample, index, run)
    checkFigures(sample, run)
    checkProof(sample)
  })
  spans.forEach((span, index) => {
    checkSpan(span, `spans.${index}`, samples)
  })
}

function checkPlaces(samples: readonly StoredSample[]): void {
  const keys = new Set<string>()
  samples.forEach((sample, index) => {
    if (isMeasuredAgain(sample)) return
    const key = sampleKey(sample)
    if (keys.has(key)) refuse(`samples.${index}`, `${key} is there twice`)
    keys.add(key)
  })
}

/** What a resumed run measures again has its sample beside the new one. */
function isMeasuredAgain({ status }: StoredSample): boolean {
  return status === 'cancelled' || status === 'failed'
}

function checkRun(run: Run, samples: readonly StoredSample[]): void {
  const measured = samples.filter(({ status }) => status !== 'cancelled')
  const done = new Set(measured.map(sampleKey)).size
  const failed = samples.filter(({ status }) => status === 'failed').length
  expectSame(
    'run.samplesDone',
    run.samplesDone,
    done,
    `the file has ${done} places with a sample that was not cancelled`,
  )
  // The store counts anew, so one too few misleads nobody; one too many is a sample that was taken out.
  if (run.samplesFailed > failed) {
    refuse('run.samplesFailed', `it is ${run.samplesFailed}, but the file has ${failed} failed samples`)
  }
  if (run.samplesPlanned < done)
    refuse('run.samplesPlanned', `${run.samplesPlanned} were planned, ${done} done`)
  if (run.endedAt !== null && run.endedAt < run.createdAt) refuse('run.endedAt', 'it ended before it began')
  if (run.endedAt === null && run.status !== 'running') refuse('run.endedAt', `the run is ${run.status}`)
  for (const name of ['capabilities', 'capabilitiesAfter'] as const) {
    const target = run[name]?.target ?? run.plan.target
    expectSame(`run.${name}.target`, target, run.plan.target, `the plan's target is ${run.plan.target}`)
    checkSimulated(`run.${name}`, run[name], run)
  }
  checkSimulated('run.ceiling', run.ceiling, run)
  const { ceiling } = run
  if (ceiling !== null && isApart(ceiling.bytesPerSecond, (ceiling.bytes / ceiling.ns) * 1e9)) {
    refuse('run.ceiling.bytesPerSecond', `${ceiling.bytes} bytes took ${ceiling.ns} ns`)
  }
}

function checkLoad(sample: StoredSample, index: number, run: Run): void {
  const { plan } = run
  const path = `samples.${index}`
  expectSame(`${path}.index`, sample.index, index, 'samples are in the order of their index')
  checkSimulated(path, sample, run)
  if (!plan.schemes.includes(sample.scheme)) refuse(`${path}.scheme`, `the plan has no ${sample.scheme}`)
  if (plan.sizesBytes.length > 0 && !plan.sizesBytes.includes(sample.bytes)) {
    refuse(`${path}.bytes`, `the plan has no size of ${sample.bytes} bytes`)
  }
  const rounds = sample.warmup ? plan.warmups : plan.repeats
  // What cannot run is told once, as the first repeat.
  if (sample.repeat >= Math.max(1, rounds)) refuse(`${path}.repeat`, `the plan has ${rounds} of its rounds`)
}

/** Times that are parts of the total. */
const partsOfTotal = [
  'openNs',
  'allocNs',
  'mapNs',
  'createNs',
  'readNs',
  'firstGatherNs',
  'remainingAllocNs',
] as const

function checkFigures(sample: StoredSample, { ceiling }: Run): void {
  const { index, status, bytes, totalNs, throughput, ofCeiling } = sample
  const path = `samples.${index}`
  if (status === 'ok' && totalNs === null) refuse(`${path}.totalNs`, 'the sample is ok and has no total')
  if (status === 'unsupported' && totalNs !== null) refuse(`${path}.totalNs`, 'the sample could not run')
  for (const part of partsOfTotal) {
    if (totalNs !== null && (sample[part] ?? 0) > longest(totalNs)) {
      refuse(`${path}.${part}`, `it is longer than the total of ${totalNs} ns`)
    }
  }
  const measured = totalNs === null || totalNs === 0 ? null : (bytes / totalNs) * 1e9
  if (isApart(throughput, measured)) {
    refuse(`${path}.throughput`, `${bytes} bytes in ${totalNs} ns are ${measured ?? 'no'} bytes per second`)
  }
  const share = ceiling === null || throughput === null ? null : throughput / ceiling.bytesPerSecond
  if (isApart(ofCeiling, share)) {
    refuse(`${path}.ofCeiling`, `throughput and the run's ceiling make it ${share}`)
  }
}

/** What a proof and a mark say of one thing. */
const contradictions: readonly (readonly [proof: 'cold' | 'direct' | 'verified', mark: Mark])[] = [
  ['cold', 'warm'],
  ['cold', 'not all from storage'],
  ['direct', 'fell back to buffered'],
  ['verified', 'not verified'],
]

function checkProof(sample: StoredSample): void {
  for (const [proof, mark] of contradictions) {
    if (sample[proof] && sample.marks.includes(mark)) {
      refuse(`samples.${sample.index}.${proof}`, `the sample is marked "${mark}"`)
    }
  }
}

function checkSpan(span: ExportedRun['spans'][number], path: string, samples: readonly StoredSample[]): void {
  const sample = samples[span.sampleIndex]
  if (sample === undefined) refuse(`${path}.sampleIndex`, 'it names no sample')
  if (span.bytes > sample.bytes) refuse(`${path}.bytes`, `the sample has ${sample.bytes} bytes`)
  if (sample.totalNs === null) return
  // To close is not a part of the total, and comes after the check of the bytes.
  const { lengthNs, mostNs, what } =
    span.phase === 'close'
      ? { lengthNs: span.endNs - span.startNs, mostNs: sample.closeNs ?? 0, what: 'closeNs' }
      : { lengthNs: span.endNs, mostNs: sample.totalNs, what: 'totalNs' }
  if (lengthNs > longest(mostNs)) {
    refuse(`${path}.endNs`, `it lies outside sample ${span.sampleIndex}, whose ${what} is ${mostNs}`)
  }
}

function longest(ns: number): number {
  return ns * (1 + tolerance) + toleranceNs
}

function isApart(told: number | null, derived: number | null): boolean {
  if (told === null || derived === null) return told !== derived
  return Math.abs(told - derived) > tolerance * Math.abs(derived)
}

function checkSimulated(path: string, part: Pick<Sample, 'simulated'> | null, { plan }: Run): void {
  if (part === null || part.simulated === (targetKind(plan.target) === 'sim')) return
  const is = part.simulated ? 'it is simulated' : 'it is measured'
  refuse(`${path}.simulated`, `${is}, but the target is ${plan.target}`)
}

function expectSame<T>(path: string, told: T, derived: T, why: string): void {
  if (told !== derived) refuse(path, `it is ${String(told)}, but ${why}`)
}

function refuse(path: string, why: string): never {
  fail('bad-input', `${path}: ${why}`, 'The file contradicts itself. Export the run again.')
}
