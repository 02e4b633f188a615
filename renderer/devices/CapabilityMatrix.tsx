import {
  families,
  type RequirementId,
  requirementIds,
  requirementTexts,
  type SchemeId,
  schemeIds,
  schemeOf,
} from '../../contract/schemes.ts'
import { type Capabilities, whyNot } from '../../contract/target.ts'
import { ScrollX } from '../controls/ScrollX.tsx'
import { SchemeName } from '../style/SchemeName.tsx'

const requirementTitles: Record<RequirementId, string> = {
  'o-direct': 'O_DIRECT',
  'dma-heap': 'dma-heap',
  'heap-cpu-access': 'CPU map',
  udmabuf: 'udmabuf',
  'dmabuf-sendfile': 'splice',
  'dmabuf-copy-file-range': 'copy range',
  'alloc-and-read': 'in kernel',
  wrapfd: 'wrapfd',
  'rwf-dontcache': 'dontcache',
}

/** Scheme by need: what each scheme asks for, whether the target offers it, and so whether it can run. */
export function CapabilityMatrix({ capabilities }: { capabilities: Capabilities }) {
  const ordered = families.flatMap(family => schemeIds.filter(id => schemeOf(id).family === family))
  return (
    <ScrollX label="Matrix of schemes and needs">
      <table className="matrix" aria-label="Capabilities">
        <thead>
          <tr>
            <th scope="col">scheme</th>
            <th scope="col">can run, or needs</th>
            {requirementIds.map(id => (
              <th key={id} scope="col" className="need" title={requirementTexts[id]}>
                {requirementTitles[id]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ordered.map(scheme => (
            <MatrixRow key={scheme} scheme={scheme} capabilities={capabilities} />
          ))}
        </tbody>
      </table>
    </ScrollX>
  )
}

function MatrixRow({ scheme, capabilities }: { scheme: SchemeId; capabilities: Capabilities }) {
  const why = whyNot(capabilities, scheme)
  const { needs, how } = schemeOf(scheme)
  return (
    <tr className={why === null ? undefined : 'cannot'}>
      <th scope="row" title={how}>
        <SchemeName scheme={scheme} />
      </th>
      <td>{why === null ? <span className="good">✓ can run</span> : <span className="bad">× {why}</span>}</td>
      {requirementIds.map(id => (
        <td key={id} className="need">
          {needs.includes(id) && <Need met={capabilities.requirements[id].met} />}
        </td>
      ))}
    </tr>
  )
}

function Need({ met }: { met: boolean }) {
  return met ? (
    <span className="good" role="img" aria-label="met" title="met">
      ✓
    </span>
  ) : (
    <span className="bad" role="img" aria-label="not met" title="not met">
      ×
    </span>
  )
}
