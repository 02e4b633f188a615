import { z } from 'zod'
import { storedSampleSchema } from '../../contract/sample.ts'

/** What `labUnderTest.ts` writes down. */
export const labLineSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('acknowledged'),
    runId: z.number(),
    sample: storedSampleSchema,
    spans: z.number(),
  }),
  /** `kind`: the run's status, or what kind of failure ended it. */
  z.strictObject({ type: z.literal('ended'), kind: z.string(), reason: z.string() }),
])
export type LabLine = z.infer<typeof labLineSchema>
export type Acknowledged = Extract<LabLine, { type: 'acknowledged' }>

/** The whole lines of what a lab wrote before it died. */
export function readLabLines(text: string): LabLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => labLineSchema.parse(JSON.parse(line)))
}
