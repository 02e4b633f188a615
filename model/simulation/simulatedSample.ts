import { fail } from '../../contract/error.ts'
import { memoryProblem, readersSchema } from '../../contract/plan.ts'
import { type Profile, valuesOf } from '../../contract/profile.ts'
import type { Sample, Span } from '../../contract/sample.ts'
import { needsMapping, type Scheme, type SchemeId, schemeOf } from '../../contract/schemes.ts'
import { formatSize, parseSize, TiB } from '../../contract/size.ts'
import { randomStream } from '../../findings/statistics/randomStream.ts'
import { type Noise, noiseFactor } from './machine/noise.ts'
import { hugePageBytes } from './machine/sharedPages.ts'
import { udmabufFigures, udmabufLimits, udmabufRefusal } from './machine/udmabuf.ts'
import { folioBytesOf, type LoadShape } from './schemes/load.ts'
import { type SimulatedTimes, simulateLoad } from './simulateLoad.ts'

export type SimulationRequest = {
  readonly scheme: SchemeId
  readonly load: LoadShape
  readonly pressureBytes: number
  /** What the noise is drawn from; the same key gives the same sample. */
  readonly noiseKey: string
}

export type SimulatedSample = {
  readonly sample: Omit<Sample, 'repeat' | 'warmup' | 'setting' | 'ofCeiling'>
  readonly spans: readonly Span[]
}

/** Beyond these a simulation would run for minutes; no device that has dma-bufs holds such a buffer. */
const largestFileBytes = TiB
const mostGathers = 2 ** 20

/**
 * @throws LabFailure `bad-input` for an empty file, no gather or more of either than the simulation takes;
 * `unsupported` for huge pages that only kernels with larger pages have.
 */
export function checkLoadShape({ bytes, gatherBytes, readers, hugePageSize = null }: LoadShape): void {
  if (!Number.isSafeInteger(bytes) || bytes <= 0 || bytes > largestFileBytes) {
    fail(
      'bad-input',
      `a simulated file has 1 byte to ${formatSize(largestFileBytes)}, not ${bytes} bytes`,
      'Choose another size.',
    )
  }
  if (!Number.isSafeInteger(gatherBytes) || gatherBytes <= 0) {
    fail('bad-input', `a gather of ${gatherBytes} bytes holds nothing`, 'Choose a gather of 4KiB or more.')
  }
  if (bytes / gatherBytes > mostGathers) {
    fail(
      'bad-input',
      `${formatSize(bytes)} in gathers of ${formatSize(gatherBytes)} are more than ${mostGathers} gathers`,
      'Choose a larger gather.',
    )
  }
  const asked = readersSchema.safeParse(readers)
  if (!asked.success) {
    const range = asked.error.issues[0]?.message
    fail('bad-input', `${readers} readers cannot read: ${range}`, 'Choose another number of readers.')
  }
  if (hugePageSize !== null && hugePageSize !== 'hugetlb' && parseSize(hugePageSize) > hugePageBytes) {
    fail(
      'unsupported',
      `a simulated device has pages of 4 KiB, whose largest huge page is 2 MiB, not ${hugePageSize}`,
      'Choose 2MiB or less.',
    )
  }
}

/** @throws LabFailure `no-memory` for a load that the run, too, refuses to begin with. */
export function checkMemory(profile: Profile, bytes: number, pressureBytes: number): void {
  const problem = memoryProblemOf(profile, bytes, pressureBytes)
  if (problem !== null) fail('no-memory', problem, 'Choose a smaller size or less pressure.')
}

/** Why the simulated device has no room for the load, or `null`. Reclaim makes room for whatever fits the machine. */
export function memoryProblemOf(profile: Profile, bytes: number, pressureBytes: number): string | null {
  return memoryProblem({ bytes, pressureBytes }, valuesOf(profile).memoryTotalBytes)
}

/**
 * A sample as the agent would give it, from the virtual clock.
 * @throws LabFailure `no-memory` for what does not fit the simulated device, `unsupported` for what the simulated kernel refuses before the load starts.
 */
export function simulateSample(profile: Profile, request: SimulationRequest): SimulatedSample {
  checkLoadShape(request.load)
  checkMemory(profile, request.load.bytes, request.pressureBytes)
  const scheme = schemeOf(request.scheme)
  const refusal = refusalOf(profile, scheme, request.load.bytes)
  if (refusal !== null) fail('unsupported', refusal, 'Choose another scheme, size or profile.')
  const values = valuesOf(profile)
  const noise = noiseOf(profile, request.noiseKey)
  const { pressureBytes } = request
  const result = simulateLoad(values, request.scheme, request.load, { pressureBytes, noise })
  const bookkeeping =
    scheme.buffer === 'udmabuf' ? udmabufFigures(values, request.load.bytes, folioBytesOf(request.load)) : {}
  const leftOut = result.spansLeftOut > 0 ? { spansLeftOut: result.spansLeftOut } : {}
  return {
    sample: {
      ...sampleBase(request),
      ...result.times,
      status: 'ok',
      reason: '',
      throughput: throughputOf(request.load.bytes, result.times),
      figures: { ...bookkeeping, ...leftOut },
    },
    spans: result.spans,
  }
}

/** Why the simulated kernel refuses the load before it starts, or `null`. */
export function refusalOf(profile: Profile, scheme: Scheme, bytes: number): string | null {
  const heapRefusal = heapAccessRefusal(profile, scheme)
  if (heapRefusal !== null) return heapRefusal
  if (scheme.buffer !== 'udmabuf') return null
  return udmabufRefusal(udmabufLimits(valuesOf(profile), profile.features), [bytes])
}

export const restrictedHeapReason =
  'restricted heap: the CPU may not map its buffers, and this scheme needs a mapping'

/** Only a copy by the storage itself fills a buffer that neither a process nor the kernel may map. */
function heapAccessRefusal(profile: Profile, scheme: Scheme): string | null {
  const mapsHeap = scheme.buffer === 'dma-heap' && needsMapping(scheme)
  return mapsHeap && !profile.features.heapCpuAccess ? restrictedHeapReason : null
}

function noiseOf(profile: Profile, key: string): Noise {
  const { cpuSpread, storageSpread } = valuesOf(profile)
  const random = randomStream(key)
  return { cpu: noiseFactor(random, cpuSpread), storage: noiseFactor(random, storageSpread) }
}

function throughputOf(bytes: number, times: SimulatedTimes): number | null {
  return times.totalNs === 0 ? null : bytes / (times.totalNs / 1e9)
}

/** What every simulated sample says. Nothing was loaded, so nothing could be verified. */
function sampleBase({ scheme, load }: SimulationRequest) {
  const { ioMode, overlap } = schemeOf(scheme)
  return {
    scheme,
    bytes: load.bytes,
    gatherBytes: overlap === 'gather' ? Math.min(load.gatherBytes, load.bytes) : null,
    readers: overlap === 'gather' ? load.readers : overlap === 'async' ? 1 : null,
    cold: true,
    direct: ioMode === 'direct',
    verified: false,
    simulated: true,
    marks: [],
  }
}
