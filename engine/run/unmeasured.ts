import type { ErrorKind, LabError } from '../../contract/error.ts'
import type { Sample, SampleStatus } from '../../contract/sample.ts'
import type { Measurement } from './order.ts'

/** A sample that has no figures: the load did not run to its end. */
export function unmeasuredSample(
  measurement: Measurement,
  status: Exclude<SampleStatus, 'ok'>,
  reason: string,
  simulated: boolean,
): Sample {
  return {
    ...measurement,
    setting: measurement.setting ?? null,
    status,
    reason,
    totalNs: null,
    openNs: null,
    allocNs: null,
    mapNs: null,
    createNs: null,
    readNs: null,
    closeNs: null,
    firstGatherNs: null,
    remainingAllocNs: null,
    gatherBytes: null,
    readers: null,
    cold: false,
    direct: false,
    verified: false,
    simulated,
    throughput: null,
    ofCeiling: null,
    marks: [],
    figures: {},
  }
}

/** Failures of one load that say nothing about the next one. Any other ends the run. */
const failuresOfOneLoad: ReadonlySet<ErrorKind> = new Set([
  'agent-failed',
  'agent-protocol',
  'no-memory',
  'unsupported',
])

export function concernsOneLoad(error: LabError): boolean {
  return failuresOfOneLoad.has(error.kind)
}
