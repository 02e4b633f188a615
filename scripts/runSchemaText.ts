import { z } from 'zod'
import { exportedRunSchema, exportSchemaVersion } from '../contract/run.ts'

/** The JSON export of a run as JSON Schema 2020-12, made from the schema that the lab itself reads and writes with. */
export function runSchemaText(): string {
  const schema = z.toJSONSchema(exportedRunSchema, { target: 'draft-2020-12', io: 'output' })
  const titled = {
    title: `dmabuf-lab run export, version ${exportSchemaVersion}`,
    description:
      'One run with every sample and span. Times are integer nanoseconds, sizes are bytes, rates are bytes per second.',
    ...schema,
  }
  return `${JSON.stringify(titled, null, 2)}\n`
}
