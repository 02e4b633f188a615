import type { PublishedCell } from '../../contract/published.ts'
import { msText, signedPercentText, sizeText } from '../../findings/words/figureText.ts'
import { pointAligned } from '../base/decimalAlign.ts'
import { ScrollX } from '../controls/ScrollX.tsx'
import { SchemeName } from '../style/SchemeName.tsx'
import { SimBadge } from '../style/SimBadge.tsx'

/** Every figure of a series with its error and its rank among the others of its size. */
export function PublishedTable({ cells }: { cells: readonly PublishedCell[] }) {
  return (
    <ScrollX label="Table of published figures">
      <table aria-label="Published figures">
        <thead>
          <tr>
            <th scope="col">scheme</th>
            <th scope="col">published as</th>
            <th scope="col" className="number">
              size
            </th>
            <th scope="col">condition</th>
            <th scope="col" className="number">
              published ms
            </th>
            <th scope="col" className="number">
              simulated ms <SimBadge />
            </th>
            <th scope="col" className="number">
              error
            </th>
            <th scope="col" className="number">
              rank
            </th>
            <th scope="col" className="number">
              rank <SimBadge />
            </th>
          </tr>
        </thead>
        <tbody>
          {cells.map(cell => (
            <Row key={`${cell.publishedName}/${cell.bytes}/${cell.condition}`} cell={cell} />
          ))}
        </tbody>
      </table>
    </ScrollX>
  )
}

function Row({ cell }: { cell: PublishedCell }) {
  const { scheme, publishedName, bytes, buffers, condition, publishedNs, simulatedNs, error, why } = cell
  return (
    <tr>
      <td>{scheme === null ? <span className="quiet">{why}</span> : <SchemeName scheme={scheme} />}</td>
      <td>{publishedName}</td>
      <td className="number">
        {buffers === 1 ? sizeText(bytes) : `${buffers} × ${sizeText(bytes / buffers)}`}
      </td>
      <td>{condition}</td>
      <td className="number">{pointAligned(msText(publishedNs))}</td>
      <td className="number">{pointAligned(simulatedNs === null ? '-' : msText(simulatedNs))}</td>
      <td className="number">{error === null ? '-' : signedPercentText(error)}</td>
      <td className="number">{cell.publishedRank ?? '-'}</td>
      <td className="number">{cell.simulatedRank ?? '-'}</td>
    </tr>
  )
}
