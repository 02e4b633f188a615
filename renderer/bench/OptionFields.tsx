import { useId } from 'react'
import { hugePageSizes, madeStates } from '../../contract/plan.ts'
import { optionTitles } from '../../findings/words/planRows.ts'
import { setDraft, useDraft } from './draftStore.ts'
import type { PlanDraft, TextField } from './planDraft.ts'

type Wrong = { readonly field: TextField | null; readonly message: string } | null

const everyday = [
  { field: 'repeats', title: optionTitles.repeats, hint: 'counted loads per scheme and size' },
  { field: 'warmups', title: optionTitles.warmups, hint: 'stored and marked, not counted' },
  {
    field: 'gather',
    title: optionTitles.gather,
    hint: 'pages allocated before their read is queued; empty: an eighth of the largest file, 1 to 128 MiB',
  },
  { field: 'readers', title: optionTitles.readers, hint: 'threads that read' },
  {
    field: 'pressure',
    title: optionTitles.pressure,
    hint: 'memory another process touches throughout; empty for none',
  },
] as const

const rare = [
  {
    field: 'tries',
    title: optionTitles.tries,
    hint: 'two or more, separated by commas: one scheme at one size is loaded with each; empty: the one gather above',
  },
  { field: 'heap', title: optionTitles.heap, hint: 'name under /dev/dma_heap' },
  { field: 'directory', title: optionTitles.folder, hint: 'for generated files; empty: the target chooses' },
  {
    field: 'processors',
    title: optionTitles.processors,
    hint: 'numbers and ranges, 0-3,6; empty: all. The target’s environment says which there are',
  },
  {
    field: 'clock',
    title: `${optionTitles.clock} in MHz`,
    hint: 'while a load runs, as root, where the target has cpufreq; empty: none',
  },
  { field: 'seed', title: optionTitles.seed, hint: 'of content and order' },
  {
    field: 'coolBelow',
    title: `${optionTitles.coolBelow} °C`,
    hint: 'wait for it before each sample; empty: do not wait',
  },
] as const

const switches = [
  { name: 'verify', title: 'verify every byte', hint: 'after the timer' },
  { name: 'ceiling', title: 'measure the ceiling first', hint: '' },
  { name: 'hugePages', title: optionTitles.hugePages, hint: 'MADV_HUGEPAGE in the buffer' },
] as const

const placeholders: Partial<Record<TextField, string>> = {
  pressure: 'none',
  gather: '1/8 of file',
  tries: 'none',
  processors: 'all',
  clock: 'none',
}

export function OptionFields({ wrong }: { wrong: Wrong }) {
  const draft = useDraft()
  return (
    <>
      <div className="fields">
        {everyday.map(option => (
          <Field key={option.field} {...option} draft={draft} wrong={wrong} />
        ))}
      </div>
      <div className="switches">
        {switches.map(({ name, title, hint }) => (
          <label key={name} title={hint}>
            <input
              type="checkbox"
              checked={draft[name]}
              onChange={event => setDraft({ [name]: event.target.checked })}
            />
            {title}
          </label>
        ))}
      </div>
      <details className="more" open={draft.tries !== '' || undefined}>
        <summary>More</summary>
        <div className="fields">
          <HugePageSizeField draft={draft} />
          <FileStateField draft={draft} />
          {rare.map(option => (
            <Field key={option.field} {...option} draft={draft} wrong={wrong} />
          ))}
        </div>
      </details>
    </>
  )
}

/** Which huge pages; told only where they are asked for. */
function HugePageSizeField({ draft }: { draft: PlanDraft }) {
  const title = optionTitles.hugePageSize
  return (
    <label className="field" title="transparent ones of one size (Linux 6.9), or the reserved pool">
      <span>{title}</span>
      <select
        aria-label={title}
        disabled={!draft.hugePages}
        value={draft.hugePageSize ?? ''}
        onChange={event =>
          setDraft({ hugePageSize: hugePageSizes.find(size => size === event.target.value) ?? null })
        }
      >
        <option value="">the largest</option>
        {hugePageSizes.map(size => (
          <option key={size} value={size}>
            {size}
          </option>
        ))}
      </select>
    </label>
  )
}

/** In which state the generated file is made; the user's own has the one that it has. */
function FileStateField({ draft }: { draft: PlanDraft }) {
  const title = optionTitles.fileState
  return (
    <label className="field" title="of the generated file; what its file system cannot make is refused">
      <span>{title}</span>
      <select
        aria-label={title}
        disabled={draft.source !== 'generated'}
        value={draft.fileState}
        onChange={event =>
          setDraft({ fileState: madeStates.find(state => state === event.target.value) ?? 'plain' })
        }
      >
        {madeStates.map(state => (
          <option key={state} value={state}>
            {state}
          </option>
        ))}
      </select>
    </label>
  )
}

function Field(props: {
  readonly field: TextField
  readonly title: string
  readonly hint: string
  readonly draft: PlanDraft
  readonly wrong: Wrong
}) {
  const { field, title, hint, draft, wrong } = props
  const problemId = useId()
  const problem = wrong?.field === field ? wrong.message : null
  return (
    <label className="field" title={hint}>
      <span>{title}</span>
      <input
        aria-label={title}
        aria-describedby={problemId}
        value={draft[field]}
        placeholder={placeholders[field] ?? ''}
        aria-invalid={problem !== null}
        onChange={event => setDraft({ [field]: event.target.value })}
      />
      {problem !== null && (
        <span className="problem" role="alert" id={problemId}>
          {problem}
        </span>
      )}
    </label>
  )
}
