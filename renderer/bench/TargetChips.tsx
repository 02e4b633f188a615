import { type TargetId, type TargetSummary, targetKind } from '../../contract/target.ts'
import { useLab } from '../lab/labStore.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { setDraft, useDraft } from './draftStore.ts'

/** The targets of the plan, each its own run. */
export function TargetChips() {
  const { targets } = useDraft()
  const known = useLab(state => state.targets)
  const listed = known ?? []
  const free = listed.filter(target => !targets.includes(target.id))
  const replace = (old: TargetId, next: TargetId) =>
    setDraft({ targets: targets.map(target => (target === old ? next : target)) })
  const next = free.find(target => target.state === 'ready')
  return (
    <div className="chips">
      <span className="quiet">target</span>
      {targets.map((target, index) => (
        <span className="chip" key={target}>
          {target.startsWith('sim:') && <SimBadge />}
          <select
            aria-label={targets.length === 1 ? 'Target' : `Target ${index + 1}`}
            value={target}
            onChange={event => replace(target, event.target.value)}
          >
            {optionsFor(target, known, free).map(option => (
              <option key={option.id} value={option.id} disabled={option.state !== 'ready'}>
                {option.state === 'ready' ? option.title : `${option.title} (${option.state})`}
              </option>
            ))}
          </select>
          {targets.length > 1 && (
            <button
              type="button"
              className="plain"
              aria-label={`Remove target ${index + 1}`}
              onClick={() => setDraft({ targets: targets.filter(other => other !== target) })}
            >
              ×
            </button>
          )}
        </span>
      ))}
      {next !== undefined && (
        <button
          type="button"
          className="add"
          aria-label="Add a target"
          title="Run on another target at the same time"
          onClick={() => setDraft({ targets: [...targets, next.id] })}
        >
          +
        </button>
      )}
    </div>
  )
}

/** A target that is chosen but gone stays in its list, so that the choice is not lost when it comes back. */
function optionsFor(
  target: TargetId,
  listed: readonly TargetSummary[] | null,
  free: readonly TargetSummary[],
): readonly TargetSummary[] {
  const chosen = listed?.find(candidate => candidate.id === target)
  const state = listed === null ? 'ready' : 'unavailable'
  const unlisted = { id: target, kind: targetKind(target), title: target, state, detail: '' } as const
  return [chosen ?? unlisted, ...free]
}
