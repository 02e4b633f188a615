import type { TargetId, TargetSummary } from '../../contract/target.ts'
import { SimBadge } from '../style/SimBadge.tsx'

type Props = {
  readonly targets: readonly TargetSummary[]
  readonly chosen: TargetId | null
  readonly onChoose: (target: TargetId) => void
}

const signs: Record<TargetSummary['state'], string> = {
  ready: '●',
  unauthorized: '!',
  offline: '○',
  unavailable: '×',
}

export function DeviceList({ targets, chosen, onChoose }: Props) {
  return (
    <aside className="side" aria-label="Targets">
      <ul className="targets">
        {targets.map(target => (
          <li key={target.id}>
            <button type="button" aria-pressed={target.id === chosen} onClick={() => onChoose(target.id)}>
              <span className={`state ${target.state}`} aria-hidden="true">
                {signs[target.state]}
              </span>
              <span className="name">
                {target.title} {target.kind === 'sim' && <SimBadge />}
              </span>
              <span className="quiet">
                {target.state === 'ready' ? target.id : `${target.state}: ${target.detail}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </aside>
  )
}
