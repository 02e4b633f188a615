import type { Difference } from '../contract/comparison.ts'
import type { Identity } from '../contract/engine.ts'
import type { Plan } from '../contract/plan.ts'
import type { SchemeId } from '../contract/schemes.ts'
import { type Capabilities, type Ceiling, whyNot } from '../contract/target.ts'
import { machineRows } from './words/environmentRows.ts'
import { rateText } from './words/figureText.ts'
import { pairRows, type Row, untold } from './words/rows.ts'

/** What was found before the first sample of a run, or of the part that resumes it. */
export type Setting = {
  readonly capabilities: Capabilities
  readonly ceiling: Ceiling | null
  /** `null` in runs of older labs and in imported ones. */
  readonly identity: Identity | null
}

/** A storage's ceiling moves by itself; by more than this factor it is not the same storage, or not in the same state. */
const ceilingFactor = 2
/**
 * What a busy machine takes from a read by itself. A ceiling over a small file is read in milliseconds, and says little
 * of the storage: one emulated disk was seen at 0.45 and at 5.5 GB/s.
 */
const disturbedNs = 100e6

/** What keeps two parts of a run from being one experiment, in words; empty where they are. */
export function experimentDifferences(plan: Plan, before: Setting, now: Setting): Difference[] {
  const rows = pairRows(settingRows(plan, before), settingRows(plan, now)).flatMap(
    ({ what, before: baseline, after: candidate }) =>
      // An older lab did not ask for everything.
      baseline === null || candidate === null || baseline === untold || baseline === candidate
        ? []
        : [{ what, baseline, candidate }],
  )
  return [...rows, ...ceilingDifference(before.ceiling, now.ceiling)]
}

/** `kernel was 6.1 and is 6.6; …`. */
export function experimentDifferencesText(differences: readonly Difference[]): string {
  return differences
    .map(({ what, baseline, candidate }) => `${what} was ${baseline} and is ${candidate}`)
    .join('; ')
}

function settingRows(plan: Plan, { capabilities, identity }: Setting): Row[] {
  return [
    ['target', capabilities.title],
    ...machineRows(capabilities.environment),
    ...plan.schemes.map((scheme): Row => [scheme, schemeText(capabilities, scheme)]),
    ...identityRows(identity),
  ]
}

function schemeText(capabilities: Capabilities, scheme: SchemeId): string {
  const why = whyNot(capabilities, scheme)
  return why === null ? 'possible' : `not possible (${why})`
}

function identityRows(identity: Identity | null): Row[] {
  const rows: (readonly [string, string | null])[] = [
    ['machine id', identity?.machine ?? null],
    ['file', identity?.file ?? null],
  ]
  return rows.flatMap(([what, value]) => (value === null ? [] : [[what, value] as const]))
}

function ceilingDifference(before: Ceiling | null, now: Ceiling | null): Difference[] {
  if (before === null || now === null) return []
  const bytes = Math.min(before.bytes, now.bytes)
  const nsAt = ({ bytesPerSecond }: Ceiling) => (bytes / bytesPerSecond) * 1e9
  const quick = Math.min(nsAt(before), nsAt(now))
  const slow = Math.max(nsAt(before), nsAt(now))
  if (slow <= ceilingFactor * quick + disturbedNs) return []
  const [baseline, candidate] = [rateText(before.bytesPerSecond), rateText(now.bytesPerSecond)]
  return [{ what: "the storage's ceiling", baseline, candidate }]
}
