import type { Side } from '../../contract/comparison.ts'
import { SharedMenu } from '../run/SharedMenu.tsx'
import { sharedComparison } from '../run/share.ts'

export function ShareComparison({ sides }: { readonly sides: readonly Side[] }) {
  return (
    <SharedMenu
      shared={sharedComparison([...sides])}
      picture="Ratios"
      files={[
        ['Table as CSV', 'csv', 'csv'],
        ['Comparison as JSON', 'json', 'json'],
      ]}
    />
  )
}
