import { useId } from 'react'
import { type Family, families, type SchemeId } from '../../contract/schemes.ts'
import type { Capabilities } from '../../contract/target.ts'
import { SchemeMark } from '../style/SchemeMark.tsx'
import { familyTitles } from '../style/schemeStyle.ts'
import { changeDraft, setDraft, useDraft } from './draftStore.ts'
import { toggled } from './planDraft.ts'
import { familyChoices, type SchemeChoice } from './schemeChoices.ts'

/** All schemes by family. One that cannot run is grey and says what it needs. */
export function SchemePicker({ known }: { known: readonly Capabilities[] }) {
  const { schemes, targets } = useDraft()
  const groups = families.map(family => ({ family, ...familyChoices(family, known) }))
  const runnable = groups.flatMap(group => group.choices.filter(choice => choice.can))
  return (
    <section aria-label="Schemes">
      <header>
        <h2>Schemes</h2>
        <span className="spring" />
        <button
          type="button"
          className="plain"
          disabled={known.length < targets.length}
          onClick={() => setDraft({ schemes: runnable.map(choice => choice.scheme) })}
        >
          All that can run
        </button>
        <button type="button" className="plain" onClick={() => setDraft({ schemes: [] })}>
          None
        </button>
      </header>
      <p className="chosen-schemes">{chosenText(schemes)}</p>
      {groups.map(group => (
        <FamilyGroup
          key={group.family}
          family={group.family}
          choices={group.choices}
          sharedReason={group.sharedReason}
          chosen={schemes}
        />
      ))}
    </section>
  )
}

/** What is ticked, in sight without scrolling. */
function chosenText(schemes: readonly SchemeId[]): string {
  if (schemes.length === 0) return 'None is chosen.'
  return schemes.length <= 4
    ? schemes.join(', ')
    : `${schemes.slice(0, 3).join(', ')} and ${schemes.length - 3} more`
}

function FamilyGroup(props: {
  readonly family: Family
  readonly choices: readonly SchemeChoice[]
  readonly sharedReason: string | null
  readonly chosen: readonly SchemeId[]
}) {
  return (
    <fieldset className="family">
      <legend>{familyTitles[props.family]}</legend>
      {props.sharedReason !== null && <p className="why">{props.sharedReason}</p>}
      {props.choices.map(choice => (
        <SchemeBox
          key={choice.scheme}
          choice={choice}
          chosen={props.chosen.includes(choice.scheme)}
          sayWhy={props.sharedReason === null}
        />
      ))}
    </fieldset>
  )
}

function SchemeBox(props: {
  readonly choice: SchemeChoice
  readonly chosen: boolean
  readonly sayWhy: boolean
}) {
  const { scheme, how, publishedAs, can, reasons } = props.choice
  const whyId = useId()
  return (
    <label
      className="scheme-box"
      title={publishedAs === null ? how : `${how}. Published as "${publishedAs}".`}
    >
      <input
        type="checkbox"
        aria-label={scheme}
        aria-describedby={whyId}
        checked={props.chosen && can}
        disabled={!can}
        onChange={() => changeDraft(draft => ({ ...draft, schemes: toggled(draft.schemes, scheme) }))}
      />
      <SchemeMark scheme={scheme} />
      <span className="name">{scheme}</span>
      {props.sayWhy && reasons.length > 0 && (
        <span className="why" id={whyId}>
          {reasons.join('. ')}
        </span>
      )}
    </label>
  )
}
