import type { Environment } from '../../contract/target.ts'
import { sizeText } from '../../findings/words/figureText.ts'

export type EnvironmentRow = {
  readonly title: string
  readonly before: string
  /** `null` where the target was not probed again. */
  readonly after: string | null
}

const untold = 'not told'

const facts: ReadonlyArray<readonly [title: string, text: (environment: Environment) => string]> = [
  ['machine', environment => environment.machine],
  ['kernel', environment => `${environment.kernel} ${environment.architecture}`],
  ['page size', environment => sizeText(environment.pageBytes)],
  ['CPUs', environment => String(environment.cpuCount)],
  ['governor', environment => environment.governor ?? untold],
  ['frequencies', environment => frequencies(environment.frequenciesKhz)],
  ['thermal zones', environment => thermal(environment)],
  ['memory', environment => sizeText(environment.memoryTotalBytes)],
  ['memory available', environment => sizeText(environment.memoryAvailableBytes)],
  ['folder', environment => environment.directory],
  ['block device', environment => environment.blockDevice ?? untold],
  ['file system', environment => environment.fileSystem ?? untold],
  ['mount options', environment => environment.mountOptions ?? untold],
  ['readahead', environment => sizeOr(environment.readAheadBytes)],
  ['free space', environment => sizeText(environment.freeBytes)],
  ['O_DIRECT alignment', environment => alignment(environment)],
  ['dma-heaps', environment => heaps(environment)],
  ['udmabuf limits', environment => udmabuf(environment)],
  ['shmem huge pages', environment => environment.hugePages ?? untold],
  ['root', environment => (environment.root ? 'yes' : 'no')],
  ['SELinux', environment => environment.selinux ?? 'none'],
  ['agent', environment => environment.agentVersion],
]

export function environmentRows(before: Environment, after: Environment | null): EnvironmentRow[] {
  return facts.map(([title, text]) => ({
    title,
    before: text(before),
    after: after === null ? null : text(after),
  }))
}

function sizeOr(bytes: number | null): string {
  return bytes === null ? untold : sizeText(bytes)
}

function frequencies(khz: readonly number[]): string {
  if (khz.length === 0) return untold
  return khz.map(one => `${Math.round(one / 1000)} MHz`).join(', ')
}

function thermal({ thermalZones }: Environment): string {
  if (thermalZones.length === 0) return untold
  return thermalZones.map(zone => `${zone.name} ${(zone.milliCelsius / 1000).toFixed(1)} °C`).join(', ')
}

function alignment({ directMemoryAlignBytes, directOffsetAlignBytes }: Environment): string {
  if (directMemoryAlignBytes === null || directOffsetAlignBytes === null) return untold
  return `memory ${sizeText(directMemoryAlignBytes)}, offset ${sizeText(directOffsetAlignBytes)}`
}

function heaps(environment: Environment): string {
  if (environment.heaps.length === 0) return 'none'
  return environment.heaps
    .map(({ name, access, cpuAccess }) => {
      if (access === 'denied') return `${name} (denied)`
      return cpuAccess ? name : `${name} (no CPU access)`
    })
    .join(', ')
}

function udmabuf({ udmabufSizeLimitMiB, udmabufListLimit }: Environment): string {
  if (udmabufSizeLimitMiB === null) return 'no udmabuf'
  return `${udmabufSizeLimitMiB} MiB, list of ${udmabufListLimit ?? untold}`
}
