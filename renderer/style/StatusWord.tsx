import type { RunStatus } from '../../contract/run.ts'
import type { SampleStatus } from '../../contract/sample.ts'

/** A damaged run is one whose row in the database is not what was stored. */
type Status = RunStatus | SampleStatus | 'damaged'

const signs: Record<Status, string> = {
  running: '▸',
  finished: '✓',
  ok: '✓',
  cancelled: '–',
  interrupted: '!',
  failed: '×',
  unsupported: '○',
  damaged: '×',
}

/** A status as a sign and a word; the colour only repeats it. */
export function StatusWord({ status }: { status: Status }) {
  return (
    <span className={`status ${status}`}>
      <span aria-hidden="true">{signs[status]}</span> {status}
    </span>
  )
}
