import { useStore } from '../app/store.ts'
import { TimelineChart } from '../charts/TimelineChart.tsx'
import { useSpans } from '../lab/useSpans.ts'
import { type Pin, pinStore, unpinSample } from './pins.ts'
import { sampleTitle } from './sampleTitle.ts'

/** Pinned samples under each other, each on its own timeline. */
export function PinnedSamples() {
  const pins = useStore(pinStore, state => state)
  if (pins.length === 0) return null
  return (
    <section className="pinned" aria-label="Pinned samples">
      {pins.map(pin => (
        <PinnedSample key={pin.sample.id} pin={pin} />
      ))}
    </section>
  )
}

function PinnedSample({ pin: { runId, sample } }: { pin: Pin }) {
  const spans = useSpans(sample.id)
  return (
    <div className="pin">
      <button type="button" className="plain" onClick={() => unpinSample(sample.id)}>
        Unpin
      </button>
      <TimelineChart
        title={`Pinned, run ${runId}: ${sampleTitle(sample)}`}
        spans={spans ?? []}
        totalNs={sample.totalNs}
        simulated={sample.simulated}
      />
    </div>
  )
}
