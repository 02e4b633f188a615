import { memo } from 'react'
import type { Profile, ProfileSummary } from '../../contract/profile.ts'
import { type SchemeId, schemeIds } from '../../contract/schemes.ts'
import { GiB, KiB, MiB } from '../../contract/size.ts'
import { rateText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { SchemeMark } from '../style/SchemeMark.tsx'
import { CalibratePanel } from './CalibratePanel.tsx'
import { allocationRate, hasGathers, type Knobs, resetKnobs, turn } from './modelStore.ts'
import { EvenSlider, LogSlider } from './Slider.tsx'

type Props = {
  readonly knobs: Knobs
  readonly profile: Profile
  readonly profiles: readonly ProfileSummary[]
}

const wholePages = (bytes: number) => Math.round(bytes / (64 * KiB)) * 64 * KiB

// The same functions in every frame, so that only the slider that moves is rendered.
const turnBandwidth = (storageBytesPerSecond: number) => turn({ storageBytesPerSecond })
const turnLatency = (storageLatencyNs: number) => turn({ storageLatencyNs })
const turnAllocation = (allocBytesPerSecond: number) => turn({ allocBytesPerSecond })
const turnGather = (bytes: number) => turn({ gatherBytes: wholePages(bytes) })
const turnReaders = (readers: number) => turn({ readers })
const turnFile = (bytes: number) => turn({ fileBytes: wholePages(bytes) })
const turnPressure = (halfGibibytes: number) => turn({ pressureBytes: (halfGibibytes * GiB) / 2 })

/** The profile, what of it is turned, and the schemes whose curves are shown. */
export function KnobPanel({ knobs, profile, profiles }: Props) {
  const { storageBytesPerSecond, storageLatencyNs } = profile.parameters
  const bandwidth = knobs.storageBytesPerSecond ?? storageBytesPerSecond.value
  const latency = Math.max(1000, knobs.storageLatencyNs ?? storageLatencyNs.value)
  const rate = knobs.allocBytesPerSecond ?? allocationRate(profile)
  return (
    <aside className="side" aria-label="What if">
      <section className="group">
        <label className="row">
          <span>profile</span>
          <select
            value={knobs.profile}
            onChange={event => turn({ profile: event.target.value })}
            title={profile.title}
          >
            {profiles.map(({ name, problem }) => (
              <option key={name} value={name} disabled={problem !== ''}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <p className="hint quiet">{profile.title}</p>
      </section>
      <section className="group" aria-label="Sliders">
        <LogSlider
          title="storage bandwidth"
          min={1e8}
          max={16e9}
          value={bandwidth}
          text={rateText(bandwidth)}
          changed={knobs.storageBytesPerSecond !== null}
          onChange={turnBandwidth}
        />
        <LogSlider
          title="storage latency"
          min={1000}
          max={16e6}
          value={latency}
          text={timeText(latency)}
          changed={knobs.storageLatencyNs !== null}
          onChange={turnLatency}
        />
        <LogSlider
          title="allocation rate"
          min={2.5e8}
          max={64e9}
          value={rate}
          text={rateText(rate)}
          changed={knobs.allocBytesPerSecond !== null}
          onChange={turnAllocation}
        />
        <LogSlider
          title="gather"
          // Where the sweep beside it starts.
          min={4 * MiB}
          max={4 * GiB}
          stepsPerDoubling={2}
          value={knobs.gatherBytes}
          text={sizeText(Math.min(knobs.gatherBytes, knobs.fileBytes))}
          onChange={turnGather}
        />
        <EvenSlider
          title="readers"
          min={1}
          max={16}
          value={knobs.readers}
          text={String(knobs.readers)}
          onChange={turnReaders}
        />
        <LogSlider
          title="file size"
          min={MiB}
          max={16 * GiB}
          stepsPerDoubling={4}
          value={knobs.fileBytes}
          text={sizeText(knobs.fileBytes)}
          onChange={turnFile}
        />
        <EvenSlider
          title="memory pressure"
          min={0}
          max={16}
          value={(knobs.pressureBytes * 2) / GiB}
          text={knobs.pressureBytes === 0 ? 'none' : sizeText(knobs.pressureBytes)}
          onChange={turnPressure}
        />
        <button type="button" onClick={resetKnobs}>
          Back to the profile
        </button>
      </section>
      <CalibratePanel />
      <SchemeChoice chosen={knobs.schemes} swept={knobs.swept} />
    </aside>
  )
}

type SchemeChoiceProps = { readonly chosen: Knobs['schemes']; readonly swept: Knobs['swept'] }

const SchemeChoice = memo(({ chosen, swept }: SchemeChoiceProps) => {
  const choose = (shown: boolean, scheme: SchemeId) => {
    const schemes = schemeIds.filter(id => (id === scheme ? shown : chosen.includes(id)))
    if (schemes.length === 0) return
    turn({ schemes, swept: shown && hasGathers(scheme) ? scheme : swept })
  }
  return (
    <fieldset className="family">
      <legend>curves</legend>
      {schemeIds.map(scheme => (
        <label key={scheme} className="scheme-box">
          <input
            type="checkbox"
            checked={chosen.includes(scheme)}
            onChange={event => choose(event.target.checked, scheme)}
          />
          <SchemeMark scheme={scheme} />
          <span className="name">{scheme}</span>
        </label>
      ))}
    </fieldset>
  )
})
