import type { LabHandlers, Site } from '../../contract/calls.ts'
import type { Capabilities } from '../../contract/target.ts'
import type { RunStore } from '../../db/runStore.ts'
import type { Measurements } from './measurements.ts'
import type { Subscribers } from './subscribers.ts'
import { wrongAnswer } from './targetEngine.ts'
import type { TargetWatch } from './targetWatch.ts'

export type TargetParts = {
  readonly measurements: Measurements
  readonly watch: TargetWatch
  readonly runs: RunStore
  readonly subscribers: Subscribers
}

/** The calls about where a load can run. */
export function targetHandlers({
  measurements,
  watch,
  runs,
  subscribers,
}: TargetParts): LabHandlers['targets'] {
  const probe = async (site: Site): Promise<Capabilities> => {
    const answer = await measurements.ask({ type: 'probe', ...site })
    return answer.type === 'probed' ? answer.capabilities : wrongAnswer(answer)
  }
  return {
    list: () => watch.list(),
    probe: async site => {
      const active = measurements.activeOn(site.target)
      // A run has just probed its target; probing again would disturb it.
      if (active?.run.plan.directory === site.directory) return (await active.probed) ?? probe(site)
      return probe(site)
    },
    ceiling: async site => {
      const answer = await measurements.askCeiling(site)
      return answer.type === 'ceilingMeasured' ? answer.ceiling : wrongAnswer(answer)
    },
    clean: async ({ target, dryRun }) => {
      const directories = runs.directoriesOf(target)
      const command = { type: 'clean', target, directories, remove: !dryRun } as const
      const answer = await measurements.ask(command)
      return answer.type === 'cleaned' ? { files: answer.files } : wrongAnswer(answer)
    },
    abandon: ({ target }) => {
      const runId = runs.abandonTarget(target)
      if (runId !== null) subscribers.tellRun(runs, runId)
      return {}
    },
    inspectFile: async file => {
      const answer = await measurements.ask({ type: 'inspect', ...file })
      return answer.type === 'inspected' ? { path: answer.path, bytes: answer.bytes } : wrongAnswer(answer)
    },
  }
}
