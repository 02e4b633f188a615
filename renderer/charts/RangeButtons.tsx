/** What of a timeline is in sight, by buttons. */
export function RangeButtons(props: {
  readonly whole: boolean
  readonly onZoom: (factor: number) => void
  readonly onMove: (share: number) => void
  readonly onWhole: () => void
}) {
  return (
    <fieldset className="tools" aria-label="Visible range">
      <button type="button" className="plain" aria-label="Zoom in" onClick={() => props.onZoom(0.5)}>
        +
      </button>
      <button type="button" className="plain" aria-label="Zoom out" onClick={() => props.onZoom(2)}>
        −
      </button>
      <button type="button" className="plain" aria-label="Earlier" onClick={() => props.onMove(-0.25)}>
        ‹
      </button>
      <button type="button" className="plain" aria-label="Later" onClick={() => props.onMove(0.25)}>
        ›
      </button>
      <button type="button" className="plain" disabled={props.whole} onClick={props.onWhole}>
        All
      </button>
    </fieldset>
  )
}
