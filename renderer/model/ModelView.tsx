import { useEffect, useMemo, useState } from 'react'
import type { GatherRequest, PredictionRequest } from '../../contract/model.ts'
import type { Profile, ProfileSummary } from '../../contract/profile.ts'
import { valueOrTell } from '../app/notices.ts'
import { lab } from '../lab/lab.ts'
import { useLab } from '../lab/labStore.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { keepUnits } from '../text/keepUnits.ts'
import { CurveChart } from './CurveChart.tsx'
import { FormulaPanel } from './FormulaPanel.tsx'
import { GatherChart } from './GatherChart.tsx'
import { KnobPanel } from './KnobPanel.tsx'
import { modelSentence } from './modelSentence.ts'
import { gatherRequest, type Knobs, predictionRequest, useKnobs } from './modelStore.ts'
import { useLatestAnswer } from './useLatestAnswer.ts'

const askPrediction = (request: PredictionRequest) => lab.predict(request)
const askSweep = (request: GatherRequest) => lab.sweepGather(request)

/** What if: a profile, sliders over it, and curves that follow. The engine answers; nothing is simulated here. */
export function ModelView() {
  const knobs = useKnobs()
  const profiles = useProfiles()
  const profile = useProfile(knobs.profile)
  return (
    <div className="page">
      <header className="bar">
        <h1>Model</h1>
        <SimBadge />
      </header>
      {profile === null ? (
        <p className="empty">Reading the profile…</p>
      ) : (
        <div className="columns">
          <KnobPanel knobs={knobs} profile={profile} profiles={profiles} />
          <Answers knobs={knobs} profile={profile} />
        </div>
      )}
    </div>
  )
}

function Answers({ knobs, profile }: { knobs: Knobs; profile: Profile }) {
  const predicted = useLatestAnswer(
    useMemo(() => predictionRequest(knobs, profile), [knobs, profile]),
    askPrediction,
  )
  const swept = useLatestAnswer(
    useMemo(() => gatherRequest(knobs, profile), [knobs, profile]),
    askSweep,
  )
  const error = predicted.error ?? swept.error
  if (error !== null) {
    return (
      <section className="empty" role="alert">
        <h2>This cannot be simulated</h2>
        <p>
          {error.message}. {error.hint}
        </p>
      </section>
    )
  }
  if (predicted.latest === null) return <p className="empty">Simulating…</p>
  const { request, answer } = predicted.latest
  const bytes = Math.max(...request.sizesBytes)
  const sweep = swept.latest && { scheme: swept.latest.request.scheme, sweep: swept.latest.answer }
  return (
    <div className="live stack" data-testid="model-answers">
      <div className="answer" data-testid="answer">
        <p className="sentence">
          <SimBadge />
          {keepUnits(modelSentence(answer, bytes, sweep))}
        </p>
        <p className="basis">{profile.notes[0]}</p>
      </div>
      <div className="charts-room">
        <div className="charts">
          <CurveChart predictions={answer} />
          {sweep !== null && (
            <GatherChart
              scheme={sweep.scheme}
              sweep={sweep.sweep}
              gatherBytes={request.gatherBytes ?? bytes}
            />
          )}
        </div>
      </div>
      <FormulaPanel predictions={answer} bytes={bytes} />
    </div>
  )
}

/** Read again when the targets change: a profile is one of them. */
function useProfiles(): readonly ProfileSummary[] {
  const targets = useLab(state => state.targets)
  const [profiles, setProfiles] = useState<readonly ProfileSummary[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the targets are the news that profiles changed
  useEffect(() => {
    void valueOrTell(lab.listProfiles({})).then(found => found !== null && setProfiles(found))
  }, [targets])
  return profiles
}

function useProfile(name: string): Profile | null {
  const [profile, setProfile] = useState<Profile | null>(null)
  useEffect(() => {
    let wanted = true
    void valueOrTell(lab.getProfile({ name })).then(found => {
      if (wanted && found !== null) setProfile(found)
    })
    return () => {
      wanted = false
    }
  }, [name])
  return profile
}
