/**
 * A horizontal bar from `start` to `end` in row `row`, in chart.js's own parsed form: with `parsing: false` nothing is
 * copied or guessed on the way to the screen (chart.js, BarParsedData).
 */
export type FloatBar = {
  readonly x: number
  readonly y: number
  readonly _custom: {
    readonly barStart: number
    readonly barEnd: number
    readonly start: number
    readonly end: number
    readonly min: number
    readonly max: number
  }
}

export function floatBar(row: number, start: number, end: number): FloatBar {
  return { x: end, y: row, _custom: { barStart: start, barEnd: end, start, end, min: start, max: end } }
}
