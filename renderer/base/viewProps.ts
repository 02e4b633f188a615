/** What every view gets. */
export type ViewProps = {
  /** What follows the view's name in the address: `#/runs/12` gives `['12']`. */
  readonly args: readonly string[]
}
