import { useEffect, useState } from 'react'
import type { LedgerRow } from '../../contract/ledger.ts'
import { runNameSchema, runNoteSchema, tagSchema } from '../../contract/ledger.ts'
import type { RunSummary } from '../../contract/run.ts'
import { visibleText } from '../../findings/words/foreignText.ts'
import { tellError, valueOrTell } from '../base/notices.ts'
import { lab } from '../lab/lab.ts'
import { useLab } from '../lab/labStore.ts'
import { labelRuns } from '../run/runActions.ts'
import { TrendPanel } from './TrendPanel.tsx'

type Props = { readonly runId: number; readonly onClose: () => void }

/** What a person calls a run, notes and tags; whether it is its device's baseline; how its cells went over the runs. */
export function LabelPanel({ runId, onClose }: Props) {
  const row = useRow(runId)
  return (
    <aside
      className="labels"
      aria-label={`Run ${runId}`}
      onKeyDown={event => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        onClose()
      }}
    >
      <header className="row">
        <h2>Run {runId}</h2>
        <span className="spring" />
        <button type="button" className="plain" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </header>
      {row === null && <p className="quiet">It is not there. It may have been deleted.</p>}
      {row != null && (
        <>
          <LabelForm key={`${row.name}/${row.tags.join()}/${row.note}`} run={row} />
          <BaselineSwitch row={row} />
          {row.answer !== null && <TrendPanel row={row} />}
        </>
      )}
    </aside>
  )
}

/** `undefined` until it was read, `null` where there is none. */
function useRow(runId: number): LedgerRow | null | undefined {
  const [row, setRow] = useState<LedgerRow | null>()
  const age = useLab(state => state.ledgerAge)
  const [changes, setChanges] = useState(0)
  useEffect(
    () =>
      lab.on('ledgerChanged', ({ runIds }) => {
        if (runIds.includes(runId)) setChanges(count => count + 1)
      }),
    [runId],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has changed is read anew
  useEffect(() => {
    let current = true
    void valueOrTell(lab.ledger.rows({ filter: `run:${runId}`, count: 1 })).then(found => {
      if (current && found !== null) setRow(found.rows[0] ?? null)
    })
    return () => {
      current = false
    }
  }, [runId, age, changes])
  return row
}

function LabelForm({ run }: { run: RunSummary }) {
  const [name, setName] = useState(run.name)
  const [tags, setTags] = useState(run.tags.join(' '))
  const [note, setNote] = useState(run.note)
  const changed = name !== run.name || note !== run.note || tags !== run.tags.join(' ')
  const save = async () => {
    const wanted = tags.split(/[\s,]+/).filter(tag => tag !== '')
    const problem =
      problemOf(runNameSchema, name) ??
      problemOf(runNoteSchema, note) ??
      wanted.map(tag => problemOf(tagSchema, tag)).find(each => each !== null)
    if (problem != null) {
      tellError({ kind: 'bad-input', message: problem, hint: 'Nothing was changed.' })
      return
    }
    const addTags = wanted.filter(tag => !run.tags.includes(tag))
    const removeTags = run.tags.filter(tag => !wanted.includes(tag))
    await labelRuns([run.id], { name, note, addTags, removeTags })
  }
  return (
    <form
      className="group"
      onSubmit={event => {
        event.preventDefault()
        void save()
      }}
    >
      <label className="labelled">
        name
        <input value={name} maxLength={120} onChange={event => setName(event.target.value)} />
      </label>
      <label className="labelled">
        tags
        <input
          value={tags}
          placeholder="nightly thermal-pads"
          onChange={event => setTags(event.target.value)}
        />
      </label>
      <label className="labelled">
        note
        <textarea rows={4} value={note} maxLength={10_000} onChange={event => setNote(event.target.value)} />
      </label>
      <button type="submit" disabled={!changed}>
        Save
      </button>
    </form>
  )
}

type Checks = {
  readonly safeParse: (value: unknown) => {
    readonly error?: { readonly issues: ReadonlyArray<{ message: string }> } | undefined
  }
}

function problemOf(schema: Checks, value: string): string | null {
  return schema.safeParse(value).error?.issues[0]?.message ?? null
}

function BaselineSwitch({ row }: { row: LedgerRow }) {
  const { id, isBaseline, status } = row
  const device = visibleText(row.title)
  const turn = () =>
    void valueOrTell(isBaseline ? lab.ledger.unpin({ runId: id }) : lab.ledger.pin({ runId: id }))
  return (
    <div className="group">
      <button type="button" aria-pressed={isBaseline} disabled={status === 'running'} onClick={turn}>
        {isBaseline ? '▲ Baseline: unpin it' : '△ Pin as baseline'}
      </button>
      <p className="hint">
        {isBaseline
          ? `Every run of ${device} is set against it.`
          : `Sets every run of ${device} against it, cell by cell, and flags what got slower.`}
      </p>
    </div>
  )
}
