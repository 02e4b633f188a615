import type { Capabilities } from '../../contract/target.ts'
import { machineRows, type Row, stateRows } from '../../findings/words/setupRows.ts'
import { formatTable } from './table.ts'

/** What of the machine can change a result, one fact a line. */
export function environmentText({ title, simulated, environment }: Capabilities): string {
  return formatTable<Row>(
    [
      { title: 'environment', align: 'left', text: ([what]) => what },
      { title, align: 'left', text: ([, value]) => value },
    ],
    // Nothing of a simulated machine moves.
    [...machineRows(environment), ...(simulated ? [] : stateRows(environment))],
  )
}
