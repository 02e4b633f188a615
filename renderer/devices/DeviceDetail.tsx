import { useEffect, useState } from 'react'
import type { RunSummary } from '../../contract/run.ts'
import type { Capabilities, Ceiling, TargetSummary } from '../../contract/target.ts'
import { remediesOf } from '../../findings/remedies.ts'
import { ceilingText, unmeasuredText } from '../../findings/words/ceilingText.ts'
import { environmentRows } from '../../findings/words/environmentRows.ts'
import { clockText, countText } from '../../findings/words/figureText.ts'
import { hashOf } from '../base/route.ts'
import { measureCeiling, probe, useLab } from '../lab/labStore.ts'
import { useRun } from '../lab/useRun.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { StatusWord } from '../style/StatusWord.tsx'
import { CapabilityMatrix } from './CapabilityMatrix.tsx'

export function DeviceDetail({ target }: { target: TargetSummary }) {
  const probed = useLab(state => state.probes.get(target.id))
  const ready = target.state === 'ready'
  useEffect(() => {
    if (ready && probed === undefined) void probe(target.id, null)
  }, [ready, probed, target.id])
  return (
    <section className="device stack" aria-label={target.title}>
      <header className="row">
        <h2>{target.title}</h2>
        {target.kind === 'sim' && <SimBadge />}
        <code>{target.id}</code>
        <span className="spring" />
        <button
          type="button"
          disabled={!ready || probed?.state === 'probing'}
          onClick={() => void probe(target.id, null)}
        >
          {probed?.state === 'probing' ? 'Probing…' : 'Probe again'}
        </button>
      </header>
      <p className={ready ? 'quiet' : 'problem'}>
        {target.state}. {target.detail}
      </p>
      <CeilingLine target={target} />
      {probed?.state === 'failed' && (
        <p className="problem" role="alert">
          {probed.error.message}. {probed.error.hint}
        </p>
      )}
      {probed?.state === 'known' && (
        <>
          <Remedies capabilities={probed.capabilities} />
          <CapabilityMatrix capabilities={probed.capabilities} />
          <h2>Environment</h2>
          <table className="pairs" aria-label="Environment">
            <tbody>
              {environmentRows(probed.capabilities).map(([what, value]) => (
                <tr key={what}>
                  <th scope="row">{what}</th>
                  <td className="figures">{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  )
}

function Remedies({ capabilities }: { capabilities: Capabilities }) {
  const remedies = remediesOf(capabilities)
  const { notes } = capabilities
  if (remedies.length + notes.length === 0) return null
  return (
    <section className="remedies" aria-label="What would add more">
      <h2>What would add more</h2>
      <ul>
        {remedies.map(({ text, command, adds }) => (
          <li key={command}>
            {text}: <code>{command}</code>{' '}
            <span className="quiet" title={adds.join(', ')}>
              adds {countText(adds.length, 'scheme')}
            </span>
          </li>
        ))}
        {notes.map(note => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  )
}

function CeilingLine({ target }: { target: TargetSummary }) {
  const runs = useLab(state => state.runs)
  const measured = useLab(state => state.ceilings.get(target.id))
  const [measuring, setMeasuring] = useState(false)
  const lastRun = [...(runs?.values() ?? [])]
    .filter(run => run.target === target.id && !run.imported)
    .reduce<RunSummary | undefined>(
      (last, run) => (last === undefined || run.id > last.id ? run : last),
      undefined,
    )
  const measure = async () => {
    setMeasuring(true)
    await measureCeiling(target.id, null)
    setMeasuring(false)
  }
  return (
    <div className="row">
      <span className="quiet">ceiling</span>
      {measured !== undefined ? (
        <CeilingText ceiling={measured} />
      ) : lastRun === undefined ? (
        unmeasuredText
      ) : (
        <CeilingOfRun run={lastRun} />
      )}
      <button type="button" disabled={measuring || target.state !== 'ready'} onClick={() => void measure()}>
        {measuring ? 'Measuring…' : 'Measure'}
      </button>
      {lastRun !== undefined && (
        <span>
          <span className="quiet">last run</span>{' '}
          <a href={hashOf('runs', lastRun.id)}>
            {lastRun.id}, {clockText(lastRun.createdAt)}
          </a>{' '}
          <StatusWord status={lastRun.status} />
        </span>
      )}
    </div>
  )
}

function CeilingOfRun({ run }: { run: RunSummary }) {
  const ceiling = useRun(run.id)?.ceiling ?? null
  return ceiling === null ? <span>{unmeasuredText}</span> : <CeilingText ceiling={ceiling} />
}

function CeilingText({ ceiling }: { ceiling: Ceiling }) {
  return (
    <span className="figures" data-testid="ceiling">
      {ceilingText(ceiling)}
    </span>
  )
}
