const tile = 6

/** Diagonal lines in one colour on nothing: for `wait`, and for what overlap hid. */
export function hatch(colour: string): CanvasPattern | string {
  const canvas = document.createElement('canvas')
  canvas.width = tile
  canvas.height = tile
  const ctx = canvas.getContext('2d')
  if (ctx === null) return colour
  ctx.strokeStyle = colour
  ctx.lineWidth = 1
  ctx.beginPath()
  for (const offset of [-tile, 0, tile]) {
    ctx.moveTo(offset, tile)
    ctx.lineTo(offset + tile, 0)
  }
  ctx.stroke()
  return ctx.createPattern(canvas, 'repeat') ?? colour
}
