import type { StoredSample } from '../../contract/sample.ts'
import type { Environment } from '../../contract/target.ts'
import { sampleTitle } from '../../findings/words/sampleTitle.ts'
import { goWithin } from '../base/useRoute.ts'
import { TimelineChart } from '../charts/TimelineChart.tsx'
import { useSpans } from '../lab/useSpans.ts'
import { pinSample } from './pins.ts'
import { SampleFacts } from './SampleFacts.tsx'

type Props = {
  readonly runId: number
  readonly samples: readonly StoredSample[]
  readonly sampleId: number | null
  readonly environment: Environment | null
}

/** The timeline of the chosen sample, or of the last one that has a total. */
export function SampleTimeline({ runId, samples, sampleId, environment }: Props) {
  const chosen =
    samples.find(sample => sample.id === sampleId) ??
    samples.findLast(sample => sample.status === 'ok') ??
    samples.at(-1)
  const spans = useSpans(chosen?.id ?? null)
  if (chosen === undefined) return null
  return (
    <section aria-label="Timeline of a sample">
      <div className="row">
        <label className="inline">
          sample
          <select
            value={chosen.id}
            onChange={event => goWithin('runs', runId, 'sample', Number(event.target.value))}
          >
            {aroundChosen(samples, chosen).map(sample => (
              <option key={sample.id} value={sample.id}>
                {sample.index + 1}. {sampleTitle(sample)}
              </option>
            ))}
          </select>
        </label>
        <Step title="Previous" to={neighbour(samples, chosen, -1)} runId={runId} />
        <Step title="Next" to={neighbour(samples, chosen, 1)} runId={runId} />
        <button type="button" onClick={() => pinSample(runId, chosen)}>
          Pin
        </button>
      </div>
      {spans?.length === 0 ? (
        <p className="quiet">This sample has no spans.</p>
      ) : (
        <TimelineChart
          title={sampleTitle(chosen)}
          spans={spans ?? none}
          totalNs={chosen.totalNs}
          simulated={chosen.simulated}
        />
      )}
      <SampleFacts sample={chosen} environment={environment} />
    </section>
  )
}

const none: readonly never[] = []
const mostListed = 200

/** A list of ten thousand options helps nobody: those near the chosen one, the rest by the table below. */
function aroundChosen(samples: readonly StoredSample[], chosen: StoredSample): readonly StoredSample[] {
  const from = Math.max(0, samples.indexOf(chosen) - mostListed / 2)
  return samples.slice(from, from + mostListed)
}

function neighbour(
  samples: readonly StoredSample[],
  chosen: StoredSample,
  step: number,
): StoredSample | null {
  return samples[samples.indexOf(chosen) + step] ?? null
}

function Step(props: { readonly title: string; readonly to: StoredSample | null; readonly runId: number }) {
  const { title, to, runId } = props
  return (
    <button
      type="button"
      disabled={to === null}
      onClick={() => to !== null && goWithin('runs', runId, 'sample', to.id)}
    >
      {title}
    </button>
  )
}
