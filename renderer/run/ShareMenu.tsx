import type { ExportFormat } from '../../contract/run.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { Menu } from '../controls/Menu.tsx'
import { copy, save, savePng, sharedRun } from './share.ts'

/** Everything that a run can be given to somebody as. `scheme`: of the pair that the picture shows. */
export function ShareMenu({ runId, scheme }: { readonly runId: number; readonly scheme: SchemeId | null }) {
  const shared = sharedRun(scheme === null ? { runId } : { runId, scheme })
  const copied = (title: string, format: ExportFormat, hint: string) => ({
    ...{ title, hint },
    act: () => void copy(shared, format),
  })
  const saved = (title: string, format: ExportFormat, hint: string) => ({
    ...{ title, hint },
    act: () => void save(shared, format),
  })
  return (
    <Menu
      title="Share"
      groups={[
        {
          title: 'Copy',
          items: [
            copied('Table for a mailing list', 'text', '72 columns'),
            copied('Markdown', 'markdown', 'for an issue'),
          ],
        },
        {
          title: 'Report and picture',
          items: [
            saved('HTML report', 'html', 'one file, prints'),
            saved('Picture as SVG', 'svg', 'svg'),
            { title: 'Picture as PNG', hint: 'png', act: () => void savePng(shared) },
          ],
        },
        {
          title: 'Export',
          items: [
            saved('Samples as CSV', 'csv', 'csv'),
            saved('Whole run as JSON', 'json', 'to import elsewhere'),
            saved('Trace for Perfetto', 'perfetto', 'ui.perfetto.dev'),
            saved('Table as text', 'text', 'txt'),
            saved('Report as Markdown', 'markdown', 'md'),
          ],
        },
      ]}
    />
  )
}
