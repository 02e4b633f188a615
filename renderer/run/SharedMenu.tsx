import { Menu } from '../controls/Menu.tsx'
import { copy, type Shareable, save, savePng } from './share.ts'

/** Formats that everything shareable has. */
type CommonFormat = 'text' | 'markdown' | 'html' | 'svg'

/** What the file is called, its format, and a word about it. */
export type SharedFile<F extends string> = readonly [title: string, format: F, hint: string]

type Props<F extends string> = {
  readonly shared: Shareable<F | CommonFormat>
  /** What its picture shows. */
  readonly picture: string
  /** Of its data, before the texts. */
  readonly files: readonly SharedFile<F | CommonFormat>[]
}

/** Everything that something can be given to somebody as. */
export function SharedMenu<F extends string>({ shared, picture, files }: Props<F>) {
  const copied = (title: string, format: CommonFormat, hint: string) => ({
    ...{ title, hint },
    act: () => void copy(shared, format),
  })
  const saved = ([title, format, hint]: SharedFile<F | CommonFormat>) => ({
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
            saved(['HTML report', 'html', 'one file, prints']),
            saved([`${picture} as SVG`, 'svg', 'svg']),
            { title: `${picture} as PNG`, hint: 'png', act: () => void savePng(shared) },
          ],
        },
        {
          title: 'Export',
          items: [
            ...files.map(saved),
            saved(['Table as text', 'text', 'txt']),
            saved(['Report as Markdown', 'markdown', 'md']),
          ],
        },
      ]}
    />
  )
}
