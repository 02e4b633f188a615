import type { StoredSample } from '../../contract/sample.ts'
import type { Environment } from '../../contract/target.ts'
import { overlappedBoundNs, serialSumNs } from '../../findings/formulas.ts'
import { columnTitles } from '../../findings/words/columnTitles.ts'
import { percentText, rateText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { markText } from '../../findings/words/pathCause.ts'
import { sampleFigure } from '../../findings/words/sampleFigure.ts'
import { StatusWord } from '../style/StatusWord.tsx'

type Props = {
  readonly sample: StoredSample
  /** What explains its marks. */
  readonly environment: Environment | null
}

/** Everything a sample says about itself: status, marks, times and its further figures. */
export function SampleFacts({ sample, environment }: Props) {
  const serialNs = serialSumNs(sample)
  const boundNs = overlappedBoundNs(sample)
  return (
    <div className="facts">
      <StatusWord status={sample.status} />
      {sample.reason !== '' && <span>{sample.reason}</span>}
      {sample.marks.map(mark => (
        <span key={mark} className="tag">
          {markText(mark, environment)}
        </span>
      ))}
      <Fact title={columnTitles.total} value={sample.totalNs} text={timeText} />
      <Fact title={columnTitles.serialSum} value={serialNs} text={timeText} />
      <Fact title={columnTitles.overlappedBound} value={boundNs} text={timeText} />
      <Fact title="create" value={sample.createNs} text={timeText} />
      <Fact title="close" value={sample.closeNs} text={timeText} />
      <Fact title={columnTitles.throughput} value={sample.throughput} text={rateText} />
      <Fact title={columnTitles.ofCeiling} value={sample.ofCeiling} text={percentText} />
      <Fact title="gather" value={sample.gatherBytes} text={sizeText} />
      {Object.entries(sample.figures).map(([name, value]) => {
        const { title, text } = sampleFigure(name, value)
        return <Fact key={name} title={title} value={value} text={() => text} />
      })}
    </div>
  )
}

function Fact(props: {
  readonly title: string
  readonly value: number | null
  readonly text: (value: number) => string
}) {
  if (props.value === null) return null
  return (
    <span className="fact">
      <span className="quiet">{props.title}</span> <b>{props.text(props.value)}</b>
    </span>
  )
}
