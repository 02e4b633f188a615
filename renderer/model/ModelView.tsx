import './model.css'
import { useEffect, useMemo, useState } from 'react'
import type { LabError } from '../../contract/error.ts'
import type { Profile, ProfileSummary } from '../../contract/profile.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { valueOrTell } from '../base/notices.ts'
import { lab } from '../lab/lab.ts'
import { useLab } from '../lab/labStore.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { CurveChart } from './CurveChart.tsx'
import { FormulaPanel } from './FormulaPanel.tsx'
import { GatherChart } from './GatherChart.tsx'
import { KnobPanel } from './KnobPanel.tsx'
import { predictAt, sweepAt } from './modelAnswer.ts'
import { modelSentence } from './modelSentence.ts'
import { gatherRequest, type Knobs, useKnobs } from './modelStore.ts'

const restMs = 400

/** What if: a profile, sliders over it, and curves that follow. */
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

/** Curves, sweep and formulas, all of them in the frame of the slider's move. */
function Answers({ knobs, profile }: { knobs: Knobs; profile: Profile }) {
  const predicted = useMemo(() => predictAt(knobs, profile), [knobs, profile])
  const swept = useSweep(knobs, profile)
  const rests = useRests(knobs)
  if (!predicted.ok) return <Refused error={predicted.error} />
  if (!swept.ok) return <Refused error={swept.error} />
  const { request, predictions } = predicted.value
  const { scheme, sweep } = swept.value
  const bytes = Math.max(...request.sizesBytes)
  const { profile: name, schemes, swept: sweptScheme } = knobs
  const subject = [name, schemes, sweptScheme, rests].join('/')
  return (
    <div className="live stack" data-testid="model-answers">
      <div className="answer" data-testid="answer">
        <p className="sentence">
          <SimBadge />
          {keepUnits(modelSentence(predictions, bytes, { scheme, sweep }))}
        </p>
        <p className="basis">{profile.notes[0]}</p>
      </div>
      <div className="charts-room">
        <div className="charts">
          <CurveChart subject={subject} predictions={predictions} />
          <GatherChart
            subject={subject}
            scheme={scheme}
            sweep={sweep}
            gatherBytes={request.gatherBytes ?? bytes}
          />
        </div>
      </div>
      <FormulaPanel predictions={predictions} bytes={bytes} />
    </div>
  )
}

/** The gather slider does not change what is swept, so the sweep is not made again for it. */
function useSweep(knobs: Knobs, profile: Profile) {
  const request = gatherRequest(knobs, profile)
  const asked = JSON.stringify(request)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the request is the same while its text is
  return useMemo(() => sweepAt(request, profile), [asked, profile])
}

/** How often the sliders have come to rest: the axes keep still while one moves, and fit its curves again then. */
function useRests(knobs: Knobs): number {
  const [rests, setRests] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a move starts the wait anew
  useEffect(() => {
    const timer = window.setTimeout(() => setRests(count => count + 1), restMs)
    return () => window.clearTimeout(timer)
  }, [knobs])
  return rests
}

function Refused({ error }: { error: LabError }) {
  return (
    <section className="empty" role="alert">
      <h2>This cannot be simulated</h2>
      <p>
        {error.message}. {error.hint}
      </p>
    </section>
  )
}

/** Read again when the targets change: a profile is one of them. */
function useProfiles(): readonly ProfileSummary[] {
  const targets = useLab(state => state.targets)
  const [profiles, setProfiles] = useState<readonly ProfileSummary[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the targets are the news that profiles changed
  useEffect(() => {
    void valueOrTell(lab.profiles.list({})).then(found => found !== null && setProfiles(found))
  }, [targets])
  return profiles
}

function useProfile(name: string): Profile | null {
  const [profile, setProfile] = useState<Profile | null>(null)
  useEffect(() => {
    let wanted = true
    void valueOrTell(lab.profiles.get({ name })).then(found => {
      if (wanted && found !== null) setProfile(found)
    })
    return () => {
      wanted = false
    }
  }, [name])
  return profile
}
