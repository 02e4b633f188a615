import type { StoredSample } from '../../contract/sample.ts'

/** A complete, successful sample for tests; a test states only what it is about. */
export function storedSample(differences: Partial<StoredSample> = {}): StoredSample {
  return {
    id: 1,
    index: 0,
    scheme: 'memfd-direct',
    bytes: 1 << 30,
    repeat: 0,
    warmup: false,
    setting: null,
    status: 'ok',
    reason: '',
    totalNs: 1_300_000_000,
    openNs: 10_000,
    allocNs: 600_000_000,
    mapNs: 20_000,
    createNs: null,
    readNs: 700_000_000,
    closeNs: 50_000_000,
    firstGatherNs: null,
    remainingAllocNs: null,
    gatherBytes: null,
    readers: 1,
    cold: true,
    direct: true,
    verified: true,
    simulated: false,
    throughput: 826_000_000,
    ofCeiling: 0.5,
    marks: [],
    figures: {},
    ...differences,
  }
}
