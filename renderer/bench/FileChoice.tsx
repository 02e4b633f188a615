import { useEffect, useState } from 'react'
import type { LabError } from '../../contract/error.ts'
import type { TargetId } from '../../contract/target.ts'
import { sizeText } from '../../findings/words/figureText.ts'
import { valueOrTell } from '../base/notices.ts'
import { Segments } from '../controls/Segments.tsx'
import { desktop, lab } from '../lab/lab.ts'
import { setDraft, useDraft } from './draftStore.ts'

export type Inspection =
  | { readonly state: 'none' }
  | { readonly state: 'looking' }
  | { readonly state: 'found'; readonly path: string; readonly bytes: number }
  | { readonly state: 'refused'; readonly error: LabError }

const settleMs = 300

/** Looks at a path on the target once the person has stopped typing. */
export function useInspection(target: TargetId | undefined, path: string): Inspection {
  const [inspection, setInspection] = useState<Inspection>({ state: 'none' })
  useEffect(() => {
    if (target === undefined || path === '') {
      setInspection({ state: 'none' })
      return
    }
    let wanted = true
    setInspection({ state: 'looking' })
    const timer = window.setTimeout(async () => {
      const outcome = await lab.targets.inspectFile({ target, path })
      if (!wanted) return
      setInspection(
        outcome.ok ? { state: 'found', ...outcome.value } : { state: 'refused', error: outcome.error },
      )
    }, settleMs)
    return () => {
      wanted = false
      window.clearTimeout(timer)
    }
  }, [target, path])
  return inspection
}

export function FileChoice({ inspection }: { inspection: Inspection }) {
  const { source, path } = useDraft()
  return (
    <fieldset className="group">
      <legend>File</legend>
      <Segments
        label="File"
        options={[
          { value: 'generated', title: 'generated' },
          { value: 'own', title: 'my own' },
        ]}
        chosen={source}
        onChoose={value => setDraft({ source: value === 'own' ? 'own' : 'generated' })}
      />
      {source === 'own' && (
        <>
          <input
            aria-label="Path of the file on the target"
            placeholder="path on the target"
            value={path}
            aria-invalid={inspection.state === 'refused'}
            onChange={event => setDraft({ path: event.target.value })}
          />
          {desktop !== undefined && (
            <button type="button" onClick={() => void chooseFile()}>
              Choose a file…
            </button>
          )}
          <InspectionLine inspection={inspection} />
        </>
      )}
    </fieldset>
  )
}

async function chooseFile(): Promise<void> {
  if (desktop === undefined) return
  const chosen = await valueOrTell(desktop.chooseFile({}))
  if (chosen !== null && chosen.path !== null) setDraft({ path: chosen.path })
}

function InspectionLine({ inspection }: { inspection: Inspection }) {
  if (inspection.state === 'looking') return <p className="hint">Looking at the file…</p>
  if (inspection.state === 'refused') {
    return (
      <p className="problem" role="alert">
        {inspection.error.message}. {inspection.error.hint}
      </p>
    )
  }
  if (inspection.state === 'none')
    return <p className="hint">Without a size chosen, the whole file is loaded.</p>
  return (
    <p className="hint">
      {sizeText(inspection.bytes)} at <code>{inspection.path}</code>. Sizes load its beginning; with none
      chosen, the whole file.
    </p>
  )
}
