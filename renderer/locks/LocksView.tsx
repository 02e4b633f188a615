import './locks.css'
import { useState } from 'react'
import { visibleText } from '../../findings/words/foreignText.ts'
import { deadlockSentence, judgedSentence } from '../../locks/judgedText.ts'
import { type Annotation, annotations } from '../../locks/lockdep.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { Segments } from '../controls/Segments.tsx'
import { Lanes } from './Lanes.tsx'
import { OrderGraph } from './OrderGraph.tsx'
import { ScenarioPanel } from './ScenarioPanel.tsx'
import { useScenarioText } from './scenarioStore.ts'
import { type Judging, useJudged } from './useJudged.ts'

/** What lockdep would report of a scenario of fences and locks, and whether it can deadlock at all. */
export function LocksView() {
  const text = useScenarioText()
  const judging = useJudged(text)
  return (
    <div className="page">
      <header className="bar">
        <h1>Locks</h1>
        <span className="quiet">fences and lock order, judged by exploring; nothing is measured</span>
      </header>
      <div className="columns">
        <ScenarioPanel text={text} />
        <Judgement judging={judging} />
      </div>
    </div>
  )
}

function Judgement({ judging }: { judging: Judging }) {
  const [annotation, setAnnotation] = useState<Annotation>('read')
  if (judging.state === 'judging')
    return (
      <p className="quiet" role="status">
        Trying every interleaving: {judging.states} states so far.
      </p>
    )
  if (judging.state === 'refused')
    return (
      <div className="problem" role="alert">
        <p>{visibleText(judging.error.message)}</p>
        <p>{judging.error.hint}</p>
      </div>
    )
  const { scenario, judged } = judging
  const judgement = judged.judgements.find(one => one.annotation === annotation)
  return (
    <div className="stack">
      <div className="answer" data-testid="answer">
        <p className="sentence">{keepUnits(judgedSentence(judged))}</p>
        <p className="basis">{deadlockSentence(judged)}</p>
      </div>
      <section aria-label="Lanes">
        <h2>{visibleText(scenario.title)}</h2>
        {scenario.about !== '' && <p className="quiet">{visibleText(scenario.about)}</p>}
        <Lanes scenario={scenario} deadlock={judged.deadlock} />
      </section>
      {judgement !== undefined && (
        <section aria-label="Orders that lockdep registers">
          <div className="row">
            <h2>Orders that lockdep registers</h2>
            <span className="spring" />
            <Segments
              label="Annotation"
              options={annotations.map(value => ({ value, title: value }))}
              chosen={annotation}
              onChoose={setAnnotation}
            />
          </div>
          <OrderGraph judgement={judgement} />
        </section>
      )}
    </div>
  )
}
