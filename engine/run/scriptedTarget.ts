import { setTimeout as delay } from 'node:timers/promises'
import { LabFailure } from '../../contract/error.ts'
import { type Capabilities, requirementStates, schemeStatuses } from '../../contract/target.ts'
import type { Load, LoadResult, Target } from '../targets/target.ts'

/** For the bench's tests: a target without `o-direct` where the test says what each load does. */
export type Script = {
  readonly onLoad?: (load: Load, count: number) => Partial<LoadResult['sample']>
  readonly loadMs?: number
  readonly fileBytes?: number
  readonly requirements?: (id: string) => string
  readonly environments?: readonly Partial<Capabilities['environment']>[]
  readonly failCeiling?: LabFailure
  /** Called after each load under pressure; throws where it was not held. */
  readonly confirmPressure?: (loads: number) => void
}

export type ScriptedTarget = Target & { readonly loads: Load[]; readonly log: string[] }

const environment: Capabilities['environment'] = {
  kernel: 'scripted',
  architecture: 'x86_64',
  machine: 'scripted',
  pageBytes: 4096,
  cpuCount: 1,
  governor: null,
  frequenciesKhz: [],
  processors: null,
  thermalZones: [],
  coolingState: null,
  memoryTotalBytes: 2 ** 34,
  memoryAvailableBytes: 2 ** 33,
  limits: null,
  directory: '/scripted',
  blockDevice: null,
  fileSystem: null,
  mountOptions: null,
  readAheadBytes: null,
  freeBytes: 2 ** 40,
  file: null,
  directMemoryAlignBytes: null,
  directOffsetAlignBytes: null,
  directReadOffsetAlignBytes: null,
  heaps: [],
  udmabufSizeLimitMiB: null,
  udmabufListLimit: null,
  hugePages: null,
  root: false,
  selinux: null,
  agentVersion: 'scripted',
}

const loaded = {
  status: 'ok' as const,
  reason: '',
  totalNs: 1000,
  openNs: 1,
  allocNs: 400,
  mapNs: null,
  createNs: null,
  readNs: 600,
  closeNs: 1,
  firstGatherNs: null,
  remainingAllocNs: null,
  gatherBytes: null,
  readers: null,
  cold: true,
  direct: false,
  verified: true,
  simulated: false,
  marks: [],
  figures: {},
}

function capabilities(script: Script, overrides: Partial<Capabilities['environment']>): Capabilities {
  const requirements = requirementStates(script.requirements ?? (() => ''))
  return {
    target: 'local',
    title: 'scripted',
    simulated: false,
    environment: { ...environment, ...overrides },
    requirements,
    schemes: schemeStatuses(requirements),
    notes: [],
    noCeiling: '',
  }
}

async function abortableDelay(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch (cause) {
    throw new LabFailure({ kind: 'cancelled', message: 'cancelled', hint: '' }, { cause })
  }
}

export function scriptedTarget(script: Script): ScriptedTarget {
  const loads: Load[] = []
  const log: string[] = []
  let probes = 0
  const file = (path: string, bytes: number) => ({ path, bytes, content: { from: 'file' } as const })
  return {
    id: 'local',
    loads,
    log,
    async probe({ measuredFile }) {
      log.push(measuredFile === undefined ? 'probe' : `probe ${measuredFile}`)
      const environments = script.environments ?? [{}]
      probes += 1
      return capabilities(script, environments[Math.min(probes, environments.length) - 1] ?? {})
    },
    async prepare({ bytes, seed }) {
      log.push(`prepare ${bytes}`)
      return { path: '/scripted/file', bytes, content: { from: 'seed', seed } }
    },
    adopt: async path => file(path, script.fileBytes ?? 0),
    inspect: async path => file(path, script.fileBytes ?? 0),
    identity: async () => ({ machine: null, file: null }),
    async ceiling({ bytes }) {
      log.push(`ceiling ${bytes}`)
      if (script.failCeiling !== undefined) throw script.failCeiling
      return {
        bytesPerSecond: 2e9,
        bytes,
        ns: 1,
        blockBytes: 1,
        depth: 1,
        ioMode: 'direct',
        method: 'scripted',
        simulated: false,
      }
    },
    async measure(load, signal) {
      loads.push(load)
      await abortableDelay(script.loadMs ?? 0, signal)
      const told = script.onLoad?.(load, loads.length) ?? {}
      const throughput = (load.bytes / loaded.totalNs) * 1e9
      return { sample: { ...loaded, throughput, scheme: load.scheme, bytes: load.bytes, ...told }, spans: [] }
    },
    async startPressure(bytes) {
      log.push(`pressure ${bytes}`)
      return {
        confirm: async () => script.confirmPressure?.(loads.length),
        stop: async () => {
          log.push('pressure stops')
        },
      }
    },
    clean: async () => [],
    claim: async () => ({ release: async () => {} }),
    dispose: async () => {},
  }
}
