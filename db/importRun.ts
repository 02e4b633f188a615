import { z } from 'zod'
import { fail, inputError, LabFailure, reasonOf } from '../contract/error.ts'
import { type ExportedRun, exportedRunSchema, exportSchemaVersion, type Run } from '../contract/run.ts'
import type { Span } from '../contract/sample.ts'
import { MiB } from '../contract/size.ts'
import { type Capabilities, targetKind } from '../contract/target.ts'
import { checkAgreement } from './importChecks.ts'
import { checkLimits } from './importLimits.ts'
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
  checkAgreement(exported)
  const spans = spansBySample(exported)
  const run = asElsewhere(exported.run)
  return runs.addImported({
    run,
    title: run.capabilities?.title ?? titleOfUnprobed(run),
    samples: exported.samples.map(sample => [sample, spans.get(sample.index) ?? []]),
  })
}

/** `local` is the machine where it was measured, which need not be this one. */
function asElsewhere(run: Run): Run {
  if (targetKind(run.plan.target) !== 'local') return run
  const elsewhere = (found: Capabilities | null) =>
    found && { ...found, title: `Another machine (${found.environment.machine})` }
  return {
    ...run,
    capabilities: elsewhere(run.capabilities),
    capabilitiesAfter: elsewhere(run.capabilitiesAfter),
  }
}

function titleOfUnprobed({ plan }: Run): string {
  return targetKind(plan.target) === 'local' ? 'Another machine' : plan.target
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
  checkLimits(value)
  const parsed = exportedRunSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const more = issues.length > shownIssues ? `; and ${issues.length - shownIssues} more` : ''
  const shown = inputError(new z.ZodError(issues.slice(0, shownIssues)))
  throw new LabFailure({ ...shown, message: shown.message + more })
}

/** Editors on other systems begin a file with a byte order mark, or save it as UTF-16, which no UTF-8 text looks like. */
function parseJson(text: string): unknown {
  const withoutMark = text.startsWith('\ufeff') ? text.slice(1) : text
  if (withoutMark.slice(0, 4).includes('\0')) {
    refuse('the file is in UTF-16; the lab reads UTF-8', 'Save it as UTF-8, or export the run again.')
  }
  try {
    return JSON.parse(withoutMark)
  } catch (thrown) {
    const reason = reasonOf(thrown)
    return refuse(`the file is not JSON: ${reason}`)
  }
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
