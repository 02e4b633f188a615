import { useEffect, useState } from 'react'
import type { LabError } from '../../contract/error.ts'
import type { PublishedSeries } from '../../contract/published.ts'
import { countText, percentText } from '../../findings/words/figureText.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { Segments } from '../controls/Segments.tsx'
import { lab } from '../lab/lab.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { PublishedSizeChart } from './PublishedSizeChart.tsx'
import { PublishedTable } from './PublishedTable.tsx'
import { RankChart } from './RankChart.tsx'

type State = { readonly table: readonly PublishedSeries[] | null; readonly error: LabError | null }

/** Every published figure beside the simulated one, series by series. */
export function PublishedView() {
  const [{ table, error }, setState] = useState<State>({ table: null, error: null })
  const [chosen, setChosen] = useState<string | null>(null)
  useEffect(() => {
    let wanted = true
    void lab.model.published({ profile: null }).then(outcome => {
      if (!wanted) return
      setState(outcome.ok ? { table: outcome.value, error: null } : { table: null, error: outcome.error })
    })
    return () => {
      wanted = false
    }
  }, [])
  const series = table?.find(({ id }) => id === chosen) ?? fullest(table ?? [])
  return (
    <div className="page">
      <header className="bar">
        <h1>Published</h1>
        {table !== null && series !== undefined && (
          <Segments
            label="Series"
            options={table.map(({ id }) => ({ value: id, title: id }))}
            chosen={series.id}
            onChoose={setChosen}
          />
        )}
      </header>
      {error !== null && (
        <section className="empty" role="alert">
          <h2>The published figures cannot be compared</h2>
          <p>
            {error.message}. {error.hint}
          </p>
        </section>
      )}
      {error === null && table === null && <p className="empty">Simulating…</p>}
      {series !== undefined && <Series key={series.id} series={series} />}
    </div>
  )
}

/** The series to start with: the one with the most figures. */
function fullest(table: readonly PublishedSeries[]): PublishedSeries | undefined {
  return [...table].sort((a, b) => b.cells.length - a.cells.length)[0]
}

function Series({ series }: { series: PublishedSeries }) {
  const { title, setup, profile, cells, remarks } = series
  const sizes = new Set(cells.map(cell => cell.bytes)).size
  return (
    <div className="scroll stack">
      <div className="answer" data-testid="answer">
        <p className="sentence">{keepUnits(sentence(series))}</p>
        <p className="basis">
          {title}. {keepUnits(setup)}. <SimBadge /> by {profile}.
        </p>
      </div>
      <ul className="warnings" aria-label="What does not fit together">
        {remarks.map(remark => (
          <li key={remark}>{keepUnits(remark)}</li>
        ))}
      </ul>
      {sizes > 1 ? (
        <div className="charts-room">
          <div className="charts">
            <PublishedSizeChart cells={cells} />
            <RankChart cells={cells} />
          </div>
        </div>
      ) : (
        <RankChart cells={cells} />
      )}
      <PublishedTable cells={cells} />
    </div>
  )
}

function sentence({ cells, pairs, meanError, worstError }: PublishedSeries): string {
  const simulated = cells.filter(cell => cell.simulatedNs !== null).length
  if (meanError === null || worstError === null) return 'No figure of this series can be simulated.'
  const kept = pairs.filter(pair => pair.kept).length
  const order =
    kept === pairs.length
      ? `all ${countText(pairs.length, 'pair')}`
      : `${kept} of ${countText(pairs.length, 'pair')}`
  return `${countText(simulated, 'figure')}, off by ${percentText(meanError)} on average and ${percentText(worstError)} at worst; ${order} of schemes that the source tells apart are in the published order.`
}
