import type { Side } from '../../contract/comparison.ts'
import type { Run } from '../../contract/run.ts'
import { schemeIds } from '../../contract/schemes.ts'
import { visibleText } from '../../findings/words/foreignText.ts'
import { useRun } from '../lab/useRun.ts'
import { sideText } from './sideText.ts'

type Props = { readonly sides: readonly Side[]; readonly onChange: (sides: readonly Side[]) => void }

/** What is compared, the baseline first. Each can be made the baseline, narrowed to a scheme, or taken away. */
export function SideChips({ sides, onChange }: Props) {
  return (
    <ol className="sides" aria-label="Compared">
      {sides.map((side, place) => {
        const others = sides.filter(other => other !== side)
        const props = {
          side,
          isBaseline: place === 0,
          onBaseline: () => onChange([side, ...others]),
          onDrop: () => onChange(others),
          onScheme: (changed: Side) => onChange(sides.map(other => (other === side ? changed : other))),
        }
        return 'runId' in side ? (
          <RunChip key={sideText(side)} {...props} runId={side.runId} />
        ) : (
          <Chip key={sideText(side)} {...props} name={`newest of ${visibleText(side.device)}`} run={null} />
        )
      })}
    </ol>
  )
}

type ChipProps = {
  readonly side: Side
  readonly isBaseline: boolean
  readonly onBaseline: () => void
  readonly onDrop: () => void
  readonly onScheme: (changed: Side) => void
}

function RunChip({ runId, ...props }: ChipProps & { readonly runId: number }) {
  return <Chip {...props} name={`run ${runId}`} run={useRun(runId)} />
}

function Chip({
  side,
  isBaseline,
  onBaseline,
  onDrop,
  onScheme,
  name,
  run,
}: ChipProps & { readonly name: string; readonly run: Run | null }) {
  const schemes = schemeIds.filter(scheme => run?.plan.schemes.includes(scheme) ?? scheme === side.scheme)
  return (
    <li className="pill">
      {isBaseline ? (
        <span className="quiet">baseline</span>
      ) : (
        <button type="button" className="plain" aria-label={`Make ${name} the baseline`} onClick={onBaseline}>
          ⇤
        </button>
      )}
      <span>{name}</span>
      {schemes.length > 0 && (
        <select
          aria-label={`Scheme of ${name}`}
          value={side.scheme ?? ''}
          onChange={event =>
            onScheme({ ...side, scheme: schemes.find(scheme => scheme === event.target.value) ?? null })
          }
        >
          <option value="">all schemes</option>
          {schemes.map(scheme => (
            <option key={scheme}>{scheme}</option>
          ))}
        </select>
      )}
      <button type="button" className="plain" aria-label={`Take ${name} away`} onClick={onDrop}>
        ×
      </button>
    </li>
  )
}
