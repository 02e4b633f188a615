import type { CheckedInput, LabHandlers } from '../../contract/calls.ts'
import type { Capabilities } from '../../contract/target.ts'
import type { Measurements } from './measurements.ts'
import { wrongAnswer } from './targetEngine.ts'
import type { TargetWatch } from './targetWatch.ts'

/** The calls about where a load can run. */
export function targetHandlers(measurements: Measurements, watch: TargetWatch): LabHandlers['targets'] {
  const probe = async (place: CheckedInput<'targets', 'probe'>): Promise<Capabilities> => {
    const answer = await measurements.ask({ type: 'probe', ...place })
    return answer.type === 'probed' ? answer.capabilities : wrongAnswer(answer)
  }
  return {
    list: () => watch.list(),
    probe: async place => {
      const active = measurements.activeOn(place.target)
      // A run has just probed its target; probing again would disturb it.
      if (active?.run.plan.directory === place.directory) return (await active.probed) ?? probe(place)
      return probe(place)
    },
    ceiling: async place => {
      const answer = await measurements.ask({ type: 'ceiling', ...place })
      return answer.type === 'ceilingMeasured' ? answer.ceiling : wrongAnswer(answer)
    },
    inspectFile: async file => {
      const answer = await measurements.ask({ type: 'inspect', ...file })
      return answer.type === 'inspected' ? { path: answer.path, bytes: answer.bytes } : wrongAnswer(answer)
    },
  }
}
