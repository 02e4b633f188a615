import { join } from 'node:path'

export const documentPath = join(import.meta.dirname, '../../docs/file-states.md')

/** The document with its last table replaced, which ends it. */
export function withLastTable(document: string, table: string): string {
  const lines = document.trimEnd().split('\n')
  const before = lines.findLastIndex(line => !line.startsWith('|'))
  return `${[...lines.slice(0, before + 1), table].join('\n')}\n`
}
