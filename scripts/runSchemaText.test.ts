import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { exportedRunSchema } from '../contract/run.ts'
import { exampleDetail } from '../db/fixtures/exampleDetail.ts'
import { exampleSpans } from '../db/fixtures/exampleRun.ts'
import { exportRun } from '../findings/exports/exportRun.ts'
import { runSchemaText } from './runSchemaText.ts'

const written = readFileSync(new URL('../docs/run-export.schema.json', import.meta.url), 'utf8')

test('docs/run-export.schema.json is the schema of the export (node scripts/runSchema.ts writes it)', () => {
  expect(written).toBe(runSchemaText())
})

test('it takes what the lab exports and refuses what the lab would not import', () => {
  const fromFile = z.fromJSONSchema(JSON.parse(written))
  const exported = JSON.parse(exportRun(exampleDetail(), () => exampleSpans(4), 'json').text)
  expect(fromFile.safeParse(exported).error).toBeUndefined()
  const broken = [
    { ...exported, schemaVersion: 2 },
    { ...exported, samples: [{ ...exported.samples[0], totalNs: -1 }] },
    { ...exported, run: { ...exported.run, status: 'well' } },
    { ...exported, spans: [{ ...exported.spans[0], lane: 'nobody' }] },
  ]
  for (const each of broken) {
    expect(fromFile.safeParse(each).success).toBe(false)
    expect(exportedRunSchema.safeParse(each).success).toBe(false)
  }
})
