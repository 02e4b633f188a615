import {
  type Capabilities,
  type Environment,
  requirementStates,
  schemeStatuses,
  type TargetId,
} from '../../contract/target.ts'
import type { LineOf } from '../agent/lines.ts'

export type ProbedHost = { readonly id: TargetId; readonly title: (environment: Environment) => string }

/** What the agent found out, as the contract says it. */
export function probedCapabilities(host: ProbedHost, line: LineOf<'probe'>): Capabilities {
  const { v: _, type: __, arch, requirements: whyNot, notes, ...told } = line
  const environment = { ...told, architecture: arch }
  const requirements = requirementStates(id => whyNot[id])
  return {
    target: host.id,
    title: host.title(environment),
    simulated: false,
    environment,
    requirements,
    schemes: schemeStatuses(requirements),
    notes,
  }
}
