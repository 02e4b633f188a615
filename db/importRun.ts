import { z } from 'zod'
import { fail, inputError, LabFailure, reasonOf } from '../contract/error.ts'
import { type ExportedRun, exportedRunSchema, exportSchemaVersion, type Run } from '../contract/run.ts'
import { type Span, type StoredSample, sampleKey } from '../contract/sample.ts'
import { MiB } from '../contract/size.ts'
import { targetKind } from '../contract/target.ts'
import type { RunStore } from './runStore.ts'

/** Longer texts are refused unread: V8 cannot hold a string of 512 MiB, and the parsed values take several times more. */
export const maxImportCharacters = 256 * MiB

const shownIssues = 5
const versionSchema = z.looseObject({ schemaVersion: z.number().int() })

/**
 * Takes back what the JSON export wrote, under new ids.
 * @throws LabFailure `bad-input`: too long, no JSON, another version, not as the schema says, contradicting itself, or
 * here already. Nothing is stored then.
 */
export function importRun(text: string, runs: RunStore): Run {
  const exported = parseExport(text)
  checkConsistency(exported)
  const spans = spansBySample(exported)
  return runs.addImported({
    run: exported.run,
    title: exported.run.capabilities?.title ?? exported.run.plan.target,
    samples: exported.samples.map(sample => [sample, spans.get(sample.index) ?? []]),
  })
}

function parseExport(text: string): ExportedRun {
  if (text.length > maxImportCharacters) {
    refuse(
      `the file has ${text.length} characters, more than ${maxImportCharacters}`,
      'Export fewer samples.',
    )
  }
  const value = parseJson(text)
  const version = versionSchema.safeParse(value)
  if (!version.success) refuse('the file is no run exported by dmabuf-lab: it has no schemaVersion')
  const { schemaVersion } = version.data
  if (schemaVersion !== exportSchemaVersion) {
    const hint = schemaVersion > exportSchemaVersion ? 'Use a newer lab.' : 'Export the run again.'
    refuse(`the file has schemaVersion ${schemaVersion}; this lab reads ${exportSchemaVersion}`, hint)
  }
  const parsed = exportedRunSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const more = issues.length > shownIssues ? `; and ${issues.length - shownIssues} more` : ''
  const shown = inputError(new z.ZodError(issues.slice(0, shownIssues)))
  throw new LabFailure({ ...shown, message: shown.message + more })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    const reason = reasonOf(thrown)
    return refuse(`the file is not JSON: ${reason}`)
  }
}

/** What the schema cannot say: indexes that match, no load measured twice, simulation and measurement apart. */
function checkConsistency({ run, samples, spans }: ExportedRun): void {
  const simulated = targetKind(run.plan.target) === 'sim'
  const keys = new Set<string>()
  samples.forEach((sample, index) => {
    if (sample.index !== index) refuse(`samples.${index}.index is ${sample.index}, not ${index}`)
    if (sample.simulated !== simulated) refuse(mixed(sample, run))
    if (sample.status === 'cancelled') return
    const key = sampleKey(sample)
    if (keys.has(key)) refuse(`samples.${index}: ${key} is there twice`)
    keys.add(key)
  })
  const stray = spans.findIndex(span => span.sampleIndex >= samples.length)
  if (stray >= 0) refuse(`spans.${stray}.sampleIndex names no sample`)
}

function mixed({ index, simulated }: StoredSample, run: Run): string {
  return `samples.${index} is ${simulated ? 'simulated' : 'measured'}, but the target is ${run.plan.target}`
}

function spansBySample({ spans }: ExportedRun): Map<number, Span[]> {
  const groups = new Map<number, Span[]>()
  for (const { sampleIndex, ...span } of spans) {
    const group = groups.get(sampleIndex)
    if (group === undefined) groups.set(sampleIndex, [span])
    else group.push(span)
  }
  return groups
}

function refuse(message: string, hint = 'Choose a file that the JSON export wrote.'): never {
  fail('bad-input', message, hint)
}
