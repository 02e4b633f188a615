import type { SchemeId } from '../../contract/schemes.ts'
import { Menu } from '../controls/Menu.tsx'
import { copyRun, exportRun, type Shared, savePng } from './share.ts'

/** Everything that a run can be given to somebody as. `scheme`: of the pair that the picture shows. */
export function ShareMenu({ runId, scheme }: { readonly runId: number; readonly scheme: SchemeId | null }) {
  const shared: Shared = scheme === null ? { runId } : { runId, scheme }
  const copy = (title: string, format: 'text' | 'markdown', hint: string) => ({
    ...{ title, hint },
    act: () => void copyRun(shared, format),
  })
  const save = (title: string, format: Parameters<typeof exportRun>[1], hint: string) => ({
    ...{ title, hint },
    act: () => void exportRun(shared, format),
  })
  return (
    <Menu
      title="Share"
      groups={[
        {
          title: 'Copy',
          items: [
            copy('Table for a mailing list', 'text', '72 columns'),
            copy('Markdown', 'markdown', 'for an issue'),
          ],
        },
        {
          title: 'Report and picture',
          items: [
            save('HTML report', 'html', 'one file, prints'),
            save('Picture as SVG', 'svg', 'svg'),
            { title: 'Picture as PNG', hint: 'png', act: () => void savePng(shared) },
          ],
        },
        {
          title: 'Export',
          items: [
            save('Samples as CSV', 'csv', 'csv'),
            save('Whole run as JSON', 'json', 'to import elsewhere'),
            save('Trace for Perfetto', 'perfetto', 'ui.perfetto.dev'),
            save('Table as text', 'text', 'txt'),
            save('Report as Markdown', 'markdown', 'md'),
          ],
        },
      ]}
    />
  )
}
