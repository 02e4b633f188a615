const figureSpace = '\u2007'
/** `.00123`: a microsecond in ms, with three significant digits. */
const fractionWidth = 6

/**
 * Pads a number after its decimal point, so that right-aligned monospace numbers of one column align on the point
 * whatever the other rows hold.
 */
export function pointAligned(text: string): string {
  const point = text.indexOf('.')
  const width = point < 0 ? 0 : text.length - point
  return text + figureSpace.repeat(Math.max(0, fractionWidth - width))
}
