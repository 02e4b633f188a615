import { formatSize } from '../../contract/size.ts'
import type { Capabilities, Environment } from '../../contract/target.ts'
import { formatTable } from './table.ts'

type Fact = readonly [name: string, value: string]

/** What of the machine can change a result, one fact a line; what the target does not tell is left out. */
export function environmentText({ title, environment }: Capabilities): string {
  return formatTable(
    [
      { title: 'environment', align: 'left', text: ([name]: Fact) => name },
      { title: title, align: 'left', text: ([, value]: Fact) => value },
    ],
    facts(environment).filter(([, value]) => value !== ''),
  )
}

function facts(it: Environment): Fact[] {
  return [
    ['machine', `${it.machine}, ${it.architecture}, ${it.cpuCount} CPUs`],
    ['kernel', it.kernel],
    ['page', formatSize(it.pageBytes)],
    ['governor', it.governor ?? ''],
    ['frequencies', it.frequenciesKhz.map(khz => `${Math.round(khz / 1000)} MHz`).join(', ')],
    ['thermal zones', it.thermalZones.map(zone => `${zone.name} ${zone.milliCelsius / 1000} °C`).join(', ')],
    ['memory', `${formatSize(it.memoryAvailableBytes)} of ${formatSize(it.memoryTotalBytes)} available`],
    ['directory', `${it.directory}, ${formatSize(it.freeBytes)} free`],
    ['block device', it.blockDevice ?? ''],
    ['file system', [it.fileSystem, it.mountOptions].filter(part => part !== null).join(' ')],
    ['direct I/O alignment', alignment(it)],
    ['heaps', it.heaps.map(heap => `${heap.name}${heap.access === 'denied' ? ' (denied)' : ''}`).join(', ')],
    ['udmabuf size limit', it.udmabufSizeLimitMiB === null ? '' : `${it.udmabufSizeLimitMiB} MiB`],
    ['huge pages', it.hugePages ?? ''],
    ['root', it.root ? 'yes' : 'no'],
    ['SELinux', it.selinux ?? ''],
    ['agent', it.agentVersion],
  ]
}

function alignment({ directMemoryAlignBytes, directOffsetAlignBytes }: Environment): string {
  if (directMemoryAlignBytes === null || directOffsetAlignBytes === null) return ''
  return `memory ${formatSize(directMemoryAlignBytes)}, offset ${formatSize(directOffsetAlignBytes)}`
}
