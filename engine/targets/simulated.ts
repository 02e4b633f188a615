import { createHash } from 'node:crypto'
import type { EngineOptions, Identity } from '../../contract/engine.ts'
import { fail } from '../../contract/error.ts'
import { type ParameterValues, type Profile, valuesOf } from '../../contract/profile.ts'
import type { RequirementId } from '../../contract/schemes.ts'
import { formatSize } from '../../contract/size.ts'
import {
  type Capabilities,
  type Ceiling,
  type Environment,
  requirementStates,
  schemeStatuses,
  type TargetId,
  targetName,
} from '../../contract/target.ts'
import { Clock } from '../../model/simulation/machine/clock.ts'
import { costsFor, pageBytes } from '../../model/simulation/machine/costs.ts'
import { noNoise } from '../../model/simulation/machine/noise.ts'
import { Storage, storageSpeed } from '../../model/simulation/machine/storage.ts'
import { restrictedHeapReason, simulateSample } from '../../model/simulation/simulatedSample.ts'
import { ProfileShelf } from '../profiles/profileShelf.ts'
import type { Claim, GeneratedFile, Load, LoadResult, ProbeScope, Target, TargetFile } from './target.ts'

/** @throws LabFailure `not-found` or `bad-profile`. */
export async function openSimulated(id: TargetId, options: EngineOptions): Promise<Target> {
  return new SimulatedTarget(id, new ProfileShelf(options.dataDirectory).get(targetName(id)))
}

/** A device that exists as a profile alone. It is always cold, idle and cool. */
class SimulatedTarget implements Target {
  readonly id: TargetId
  readonly #profile: Profile
  #pressureBytes = 0

  constructor(id: TargetId, profile: Profile) {
    this.id = id
    this.#profile = profile
  }

  async probe(scope: ProbeScope): Promise<Capabilities> {
    const requirements = requirementStates(need => whyNotMet(this.#profile, need))
    return {
      target: this.id,
      title: this.#profile.title,
      simulated: true,
      environment: environmentOf(this.#profile, scope),
      requirements,
      schemes: schemeStatuses(requirements),
      notes: this.#profile.notes,
      noCeiling: '',
    }
  }

  async prepare({ bytes, seed }: GeneratedFile): Promise<TargetFile> {
    return { path: `${this.id}/generated`, bytes, content: { from: 'seed', seed } }
  }

  async adopt(path: string): Promise<TargetFile> {
    return noFiles(this.id, path)
  }

  /** Nothing is made there. */
  async clean(): Promise<[]> {
    return []
  }

  async inspect(path: string): Promise<TargetFile> {
    return noFiles(this.id, path)
  }

  async identity(): Promise<Identity> {
    const parameters = JSON.stringify(Object.entries(valuesOf(this.#profile)).sort())
    return { machine: createHash('sha256').update(parameters).digest('hex').slice(0, 16), file: null }
  }

  async ceiling(file: TargetFile): Promise<Ceiling> {
    return simulatedCeiling(valuesOf(this.#profile), file.bytes)
  }

  async measure(load: Load, signal: AbortSignal): Promise<LoadResult> {
    // A simulated load blocks its process for milliseconds: let a cancel in between.
    await new Promise(setImmediate)
    if (signal.aborted) fail('cancelled', 'the run was cancelled', '')
    const { scheme, bytes, gatherBytes, readers, hugePages, hugePageSize = null } = load
    const { seed, warmup, repeat, setting = null } = load
    return simulateSample(this.#profile, {
      scheme,
      load: { bytes, gatherBytes, readers, hugePages, hugePageSize },
      pressureBytes: this.#pressureBytes,
      noiseKey: [
        seed,
        scheme,
        bytes,
        warmup ? 'warmup' : 'repeat',
        repeat,
        ...(setting === null ? [] : [setting]),
      ].join('/'),
    })
  }

  async startPressure(bytes: number) {
    const { memoryTotalBytes } = valuesOf(this.#profile)
    if (bytes > memoryTotalBytes) {
      fail(
        'no-memory',
        `${this.id} has ${formatSize(memoryTotalBytes)} of memory, less than the pressure of ${formatSize(bytes)}`,
        'Choose less pressure.',
      )
    }
    this.#pressureBytes = bytes
    return {
      confirm: async () => {},
      stop: async () => {
        this.#pressureBytes = 0
      },
    }
  }

  /** A simulation disturbs nobody. */
  async claim(): Promise<Claim> {
    return { release: async () => {} }
  }

  async dispose(): Promise<void> {}
}

function noFiles(id: TargetId, path: string): never {
  return fail(
    'unsupported',
    `${id} is simulated and has no file ${path}`,
    'Choose sizes instead of a file of your own.',
  )
}

/** Needs of schemes that map the buffer, into a process or into the kernel. */
const mappingNeeds: ReadonlySet<RequirementId> = new Set([
  'heap-cpu-access',
  'dmabuf-sendfile',
  'alloc-and-read',
  'wrapfd',
])

function whyNotMet(profile: Profile, need: RequirementId): string {
  return profile.features.heapCpuAccess || !mappingNeeds.has(need) ? '' : restrictedHeapReason
}

function environmentOf(profile: Profile, scope: ProbeScope): Environment {
  const values = valuesOf(profile)
  return {
    kernel: 'simulated',
    architecture: 'simulated',
    machine: profile.title,
    pageBytes,
    cpuCount: values.cores,
    governor: null,
    frequenciesKhz: [],
    processors: null,
    thermalZones: [],
    coolingState: null,
    memoryTotalBytes: values.memoryTotalBytes,
    // Reclaim makes room for whatever fits the machine; what that costs is part of the simulation.
    memoryAvailableBytes: values.memoryTotalBytes,
    limits: null,
    directory: scope.directory ?? '',
    blockDevice: null,
    fileSystem: null,
    mountOptions: null,
    readAheadBytes: values.readaheadBytes,
    freeBytes: Number.MAX_SAFE_INTEGER,
    file: null,
    directMemoryAlignBytes: pageBytes,
    directOffsetAlignBytes: pageBytes,
    directReadOffsetAlignBytes: null,
    heaps: [{ name: scope.heap, access: 'read', cpuAccess: profile.features.heapCpuAccess }],
    udmabufSizeLimitMiB: values.udmabufSizeLimitMiB,
    udmabufListLimit: values.udmabufListLimit,
    hugePages: null,
    root: true,
    selinux: null,
    agentVersion: 'simulated',
  }
}

/** One direct read of the whole file with the queue kept full. */
function simulatedCeiling(values: ParameterValues, bytes: number): Ceiling {
  const costs = costsFor(values, bytes, noNoise)
  const ns = new Storage(new Clock(), storageSpeed(costs)).submit(bytes)
  return {
    bytesPerSecond: Math.round(bytes / (ns / 1e9)),
    bytes,
    ns,
    blockBytes: values.storageRequestBytes,
    depth: values.storageQueueDepth,
    ioMode: 'direct',
    method: 'simulated',
    simulated: true,
  }
}
