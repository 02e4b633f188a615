import type { RunStatus } from '../../contract/run.ts'
import type { SampleStatus } from '../../contract/sample.ts'

const signs: Record<RunStatus | SampleStatus, string> = {
  running: '▸',
  finished: '✓',
  ok: '✓',
  cancelled: '–',
  interrupted: '!',
  failed: '×',
  unsupported: '○',
}

/** A status as a sign and a word; the colour only repeats it. */
export function StatusWord({ status }: { status: RunStatus | SampleStatus }) {
  return (
    <span className={`status ${status}`}>
      <span aria-hidden="true">{signs[status]}</span> {status}
    </span>
  )
}
