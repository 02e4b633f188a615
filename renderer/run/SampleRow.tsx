import type { StoredSample } from '../../contract/sample.ts'
import { msText, percentText, rateText, sizeText } from '../../findings/words/figureText.ts'
import { repeatNumber, roundTitle } from '../../findings/words/sampleTitle.ts'
import { pointAligned } from '../base/decimalAlign.ts'
import { SchemeName } from '../style/SchemeName.tsx'
import { SimBadge } from '../style/SimBadge.tsx'
import { StatusWord } from '../style/StatusWord.tsx'

type Props = {
  readonly sample: StoredSample
  /** Its row in the whole table, the head being row 1. */
  readonly row: number
  readonly chosen: boolean
  readonly onOpen: (sample: StoredSample, pin: boolean) => void
}

export function SampleRow({ sample, row, chosen, onOpen }: Props) {
  return (
    <tr aria-rowindex={row} aria-selected={chosen} className={sample.warmup ? 'warm-up' : undefined}>
      <td className="number">
        <button
          type="button"
          className="plain"
          title="Show its timeline. Shift and click pins it."
          aria-label={`Show sample ${sample.index + 1}`}
          onClick={event => onOpen(sample, event.shiftKey)}
        >
          {sample.index + 1}
        </button>
      </td>
      <td>
        <SchemeName scheme={sample.scheme} />
      </td>
      <td className="number">{sizeText(sample.bytes)}</td>
      <td className="number">{sample.warmup ? roundTitle(sample) : repeatNumber(sample)}</td>
      <td>
        <StatusWord status={sample.status} />
      </td>
      <Ms ns={sample.totalNs} />
      <Ms ns={sample.allocNs} />
      <Ms ns={sample.readNs} />
      <Ms ns={sample.createNs} />
      <Ms ns={sample.closeNs} />
      <td className="number">{sample.throughput === null ? '-' : rateText(sample.throughput)}</td>
      <td className="number">{sample.ofCeiling === null ? '-' : percentText(sample.ofCeiling)}</td>
      <td className="marks" title={sample.reason}>
        {sample.simulated && <SimBadge />}
        {sample.marks.map(mark => (
          <span key={mark} className="tag">
            {mark}
          </span>
        ))}
        {sample.reason}
      </td>
    </tr>
  )
}

function Ms({ ns }: { ns: number | null }) {
  return <td className="number">{pointAligned(ns === null ? '-' : msText(ns))}</td>
}
