import { useState } from 'react'
import { mostSides } from '../../contract/comparison.ts'
import { tagSchema } from '../../contract/ledger.ts'
import { type ExportFormat, exportFormats } from '../../contract/run.ts'
import { countText } from '../../findings/words/figureText.ts'
import { tellError } from '../base/notices.ts'
import { goTo } from '../base/useRoute.ts'
import { discardRuns, labelRuns } from '../run/runActions.ts'
import { save, sharedRun } from '../run/share.ts'

type Props = { readonly chosen: ReadonlySet<number>; readonly onClear: () => void }

/** What can be done with the chosen runs at once. */
export function ChosenBar({ chosen, onClear }: Props) {
  const [format, setFormat] = useState<ExportFormat>('csv')
  const runIds = [...chosen].sort((a, b) => a - b)
  const remove = async () => {
    if (await discardRuns(runIds)) onClear()
  }
  return (
    <fieldset className="chosen row" aria-label="Chosen runs">
      <span role="status">{countText(runIds.length, 'run')} chosen</span>
      <button
        type="button"
        className="primary"
        disabled={runIds.length < 2 || runIds.length > mostSides}
        title={`From 2 to ${mostSides} runs; the oldest is what the others are compared with`}
        onClick={() => goTo('compare', ...runIds)}
      >
        Compare
      </button>
      <TagField runIds={runIds} />
      <span className="row">
        <select
          aria-label="Export format"
          value={format}
          onChange={event => setFormat(exportFormats.find(each => each === event.target.value) ?? format)}
        >
          {exportFormats.map(each => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <button type="button" onClick={() => void exportAll(runIds, format)}>
          Export
        </button>
      </span>
      <button type="button" onClick={() => void remove()}>
        Delete
      </button>
      <button type="button" className="plain" onClick={onClear}>
        Choose none
      </button>
    </fieldset>
  )
}

async function exportAll(runIds: readonly number[], format: ExportFormat): Promise<void> {
  for (const runId of runIds) await save(sharedRun({ runId }), format)
}

function TagField({ runIds }: { runIds: readonly number[] }) {
  const [text, setText] = useState('')
  const change = async (kind: 'addTags' | 'removeTags') => {
    const tag = tagSchema.safeParse(text.trim())
    if (!tag.success) {
      const message = tag.error.issues[0]?.message ?? 'this is no tag'
      tellError({ kind: 'bad-input', message, hint: 'Write one word.' })
      return
    }
    if (await labelRuns(runIds, { [kind]: [tag.data] })) setText('')
  }
  return (
    <form
      className="row"
      onSubmit={event => {
        event.preventDefault()
        void change('addTags')
      }}
    >
      <input
        aria-label="Tag"
        placeholder="tag"
        size={12}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <button type="submit" disabled={text.trim() === ''}>
        Add tag
      </button>
      <button type="button" disabled={text.trim() === ''} onClick={() => void change('removeTags')}>
        Remove tag
      </button>
    </form>
  )
}
