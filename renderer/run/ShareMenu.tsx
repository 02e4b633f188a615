import type { SchemeId } from '../../contract/schemes.ts'
import { SharedMenu } from './SharedMenu.tsx'
import { sharedRun } from './share.ts'

/** `scheme`: of the pair that the picture shows. */
export function ShareMenu({ runId, scheme }: { readonly runId: number; readonly scheme: SchemeId | null }) {
  return (
    <SharedMenu
      shared={sharedRun(scheme === null ? { runId } : { runId, scheme })}
      picture="Picture"
      files={[
        ['Samples as CSV', 'csv', 'csv'],
        ['Whole run as JSON', 'json', 'to import elsewhere'],
        ['Trace for Perfetto', 'perfetto', 'ui.perfetto.dev'],
      ]}
    />
  )
}
