const tile = 6
const patterns = new Map<string, CanvasPattern>()

/** Diagonal lines in one colour on nothing: for `wait`, and for what overlap hid. One pattern per colour. */
export function hatch(colour: string): CanvasPattern | string {
  const known = patterns.get(colour)
  if (known !== undefined) return known
  const pattern = drawTile(colour)
  if (pattern !== null) patterns.set(colour, pattern)
  return pattern ?? colour
}

function drawTile(colour: string): CanvasPattern | null {
  const canvas = document.createElement('canvas')
  canvas.width = tile
  canvas.height = tile
  const ctx = canvas.getContext('2d')
  if (ctx === null) return null
  ctx.strokeStyle = colour
  ctx.lineWidth = 1
  ctx.beginPath()
  for (const offset of [-tile, 0, tile]) {
    ctx.moveTo(offset, tile)
    ctx.lineTo(offset + tile, 0)
  }
  ctx.stroke()
  return ctx.createPattern(canvas, 'repeat')
}
