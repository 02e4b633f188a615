import { gatherOf, planSchema } from '../../contract/plan.ts'
import { type Profile, valuesOf, withValues } from '../../contract/profile.ts'
import { type RunDetail, runDetailSchema } from '../../contract/run.ts'
import { type SchemeId, schemesOfFamily } from '../../contract/schemes.ts'
import { MiB } from '../../contract/size.ts'
import { requirementStates, schemeStatuses } from '../../contract/target.ts'
import { bundledProfile } from '../profiles/bundledProfiles.ts'
import { pagesOf } from '../simulation/machine/costs.ts'
import { simulateSample } from '../simulation/simulatedSample.ts'

export const memfdSchemes: readonly SchemeId[] = schemesOfFamily('memfd').map(({ id }) => id)

/**
 * A machine whose costs a calibration does not know: two cores, slower memory that is scattered in part, faster
 * storage, noise of 3 %.
 */
export const hiddenMachine: Profile = withValues(bundledProfile('ufs4-phone-2024-uncalibrated'), {
  cores: 2,
  storageBytesPerSecond: 1.4e9,
  storageLatencyNs: 250_000,
  segmentNs: 4000,
  scatteredFreeBytes: 24 * MiB,
  pageCacheInsertPageNs: 700,
  shmemPageNs: 1500,
  sharedFaultSlowdown: 2,
  copyToShmemPageNs: 600,
  pinPageNs: 150,
  pinBatchBytes: MiB,
  pipeRoundNs: 9000,
  openNs: 90_000,
  readerWakeNs: 120_000,
  cpuSpread: 0.03,
  storageSpread: 0.03,
})

/** A run that says it was measured on that machine. */
export function hiddenRun(
  sizesBytes: readonly number[],
  differences: { simulated?: boolean; ceilingBytesPerSecond?: number } = {},
): RunDetail {
  const plan = planSchema.parse({ target: 'local', schemes: [...memfdSchemes], sizesBytes, repeats: 3 })
  const samples = sizesBytes.flatMap(bytes =>
    memfdSchemes.flatMap(scheme =>
      [0, 1, 2].map(repeat => {
        const load = {
          bytes,
          gatherBytes: gatherOf(plan, Math.max(...sizesBytes)),
          readers: 1,
          hugePages: false,
        }
        const noiseKey = `${scheme}/${bytes}/${repeat}`
        const { sample } = simulateSample(hiddenMachine, { scheme, load, pressureBytes: 0, noiseKey })
        const figures = { physicalRuns: physicalRuns(bytes) }
        return { ...sample, figures, repeat, warmup: false, ofCeiling: null, simulated: false }
      }),
    ),
  )
  const capabilities = hiddenCapabilities(differences.simulated ?? false)
  return runDetailSchema.parse({
    run: {
      id: 1,
      uuid: '3f1c2b1a-6a64-4f0b-9d5e-0a1b2c3d4e5f',
      createdAt: '2026-11-21T20:02:53.123Z',
      endedAt: null,
      status: 'finished',
      reason: '',
      labVersion: '0.1.0',
      plan,
      capabilities,
      capabilitiesAfter: null,
      ceiling: hiddenCeiling(differences.ceilingBytesPerSecond),
      samplesPlanned: samples.length,
      samplesDone: samples.length,
      samplesFailed: 0,
    },
    samples: samples.map((sample, index) => ({ ...sample, id: index + 1, index })),
  })
}

/** As the agent counts them: scattered pages one by one, the rest in runs of 4 MiB. */
function physicalRuns(bytes: number): number {
  const { scatteredFreeBytes } = valuesOf(hiddenMachine)
  const scattered = Math.min(bytes, scatteredFreeBytes)
  return pagesOf(scattered) + Math.ceil((bytes - scattered) / (4 * MiB))
}

function hiddenCeiling(bytesPerSecond: number | undefined) {
  if (bytesPerSecond === undefined) return null
  return {
    bytesPerSecond,
    bytes: 64 * MiB,
    ns: Math.round(((64 * MiB) / bytesPerSecond) * 1e9),
    blockBytes: MiB,
    depth: 32,
    method: 'linux-aio',
    simulated: false,
  }
}

function hiddenCapabilities(simulated: boolean) {
  const requirements = requirementStates(() => '')
  return {
    target: 'local',
    title: 'Hidden machine',
    simulated,
    environment: {
      kernel: '6.18',
      architecture: 'x86_64',
      machine: 'hidden',
      pageBytes: 4096,
      cpuCount: 2,
      governor: null,
      frequenciesKhz: [],
      thermalZones: [],
      memoryTotalBytes: 24e9,
      memoryAvailableBytes: 20e9,
      directory: '/tmp',
      blockDevice: null,
      fileSystem: null,
      mountOptions: null,
      readAheadBytes: null,
      freeBytes: 1e12,
      directMemoryAlignBytes: 512,
      directOffsetAlignBytes: 512,
      directReadOffsetAlignBytes: null,
      heaps: [],
      udmabufSizeLimitMiB: null,
      udmabufListLimit: null,
      hugePages: null,
      root: true,
      selinux: null,
      agentVersion: '0.1.0',
    },
    requirements,
    schemes: schemeStatuses(requirements),
    notes: [],
  }
}
