import type { ComparisonFormat, Side } from '../../contract/comparison.ts'
import { Menu } from '../controls/Menu.tsx'
import { copy, save, savePng, sharedComparison } from '../run/share.ts'

/** Everything that a comparison can be given to somebody as. */
export function ShareComparison({ sides }: { readonly sides: readonly Side[] }) {
  const shared = sharedComparison([...sides])
  const copied = (title: string, format: ComparisonFormat, hint: string) => ({
    ...{ title, hint },
    act: () => void copy(shared, format),
  })
  const saved = (title: string, format: ComparisonFormat, hint: string) => ({
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
            saved('Ratios as SVG', 'svg', 'svg'),
            { title: 'Ratios as PNG', hint: 'png', act: () => void savePng(shared) },
          ],
        },
        {
          title: 'Export',
          items: [
            saved('Table as CSV', 'csv', 'csv'),
            saved('Comparison as JSON', 'json', 'json'),
            saved('Table as text', 'text', 'txt'),
            saved('Report as Markdown', 'markdown', 'md'),
          ],
        },
      ]}
    />
  )
}
