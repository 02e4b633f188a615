import type { Capabilities } from '../../contract/target.ts'
import { environmentRows } from '../../findings/words/environmentRows.ts'
import type { Row } from '../../findings/words/rows.ts'
import { formatTable } from './table.ts'

/** What of the machine can change a result, one fact a line. */
export function environmentText(capabilities: Capabilities): string {
  return formatTable<Row>(
    [
      { title: 'environment', align: 'left', text: ([what]) => what },
      { title: capabilities.title, align: 'left', text: ([, value]) => value },
    ],
    environmentRows(capabilities),
  )
}
