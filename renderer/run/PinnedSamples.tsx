import { sampleTitle } from '../../findings/words/sampleTitle.ts'
import { useStore } from '../base/store.ts'
import { TimelineChart } from '../charts/TimelineChart.tsx'
import { useSpans } from '../lab/useSpans.ts'
import type { Pin } from './pinPlaces.ts'
import { pinStore, unpinSample } from './pins.ts'

/** Pinned samples under each other, on one time scale. */
export function PinnedSamples() {
  const pins = useStore(pinStore, state => state)
  if (pins.length === 0) return null
  const untilNs = Math.max(...pins.map(({ sample }) => (sample.totalNs ?? 0) + (sample.closeNs ?? 0)))
  return (
    <section className="pinned stack" aria-label="Pinned samples">
      {pins.map(pin => (
        <PinnedSample key={pin.sample.id} pin={pin} untilNs={untilNs} />
      ))}
    </section>
  )
}

function PinnedSample({ pin: { runId, sample }, untilNs }: { pin: Pin; untilNs: number }) {
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
        untilNs={untilNs}
      />
    </div>
  )
}
