import { type Overlap, schemeOf } from '../../contract/schemes.ts'
import {
  type Capabilities,
  type Environment,
  requirementStates,
  type SchemeStatus,
  schemeStatuses,
  type TargetId,
} from '../../contract/target.ts'
import type { AllocAndReadWay, LineOf } from '../agent/lines.ts'

export type ProbedHost = { readonly id: TargetId; readonly title: (environment: Environment) => string }

/** Each refused series reads in one of the two ways alone; the kernel module does both. */
const waysTo: Record<Exclude<Overlap, 'async'>, { ways: readonly AllocAndReadWay[]; otherwise: string }> = {
  serial: {
    ways: ['heap-flag-sync', 'module'],
    otherwise: "this kernel's patch reads while it allocates: read-sync-* needs the kernel module",
  },
  gather: {
    ways: ['heap-ioctl', 'heap-flag-async', 'module'],
    otherwise: "this kernel's patch reads when all is allocated: read-async-* needs the kernel module",
  },
}

/** An in-kernel scheme also needs a way of its own, where its kernel carries a patch that does not have it. */
function inKernelStatus(status: SchemeStatus, whyNot: Record<AllocAndReadWay, string>): SchemeStatus {
  const { family, overlap } = schemeOf(status.scheme)
  if (!status.can || family !== 'in-kernel' || overlap === 'async') return status
  const { ways, otherwise } = waysTo[overlap]
  return ways.some(way => whyNot[way] === '') ? status : { ...status, can: false, why: otherwise }
}

/** What the agent found out, as the contract says it. */
export function probedCapabilities(host: ProbedHost, line: LineOf<'probe'>): Capabilities {
  const { v: _, type: __, arch, requirements: whyNot, allocAndRead, notes, ...told } = line
  const environment = { ...told, architecture: arch }
  const requirements = requirementStates(id => whyNot[id])
  return {
    target: host.id,
    title: host.title(environment),
    simulated: false,
    environment,
    requirements,
    schemes: schemeStatuses(requirements).map(status => inKernelStatus(status, allocAndRead)),
    notes,
    noCeiling: '',
  }
}
