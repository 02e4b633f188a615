/** All in CSS pixels, from the left upper corner. */
export type PictureLayout = {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly slot: number
  readonly bar: number
  readonly gap: number
}

const margins = { left: 60, right: 8, top: 38, bottom: 44 }
const barShare = 0.3
const widestBar = 72

/** Where the pairs of bars of `sizes` sizes stand in a picture of that width. */
export function pictureLayout(width: number, height: number, sizes: number): PictureLayout {
  const right = Math.max(margins.left + 1, width - margins.right)
  const slot = (right - margins.left) / Math.max(1, sizes)
  const bar = Math.max(1, Math.min(widestBar, slot * barShare))
  return {
    width,
    height,
    left: margins.left,
    right,
    top: margins.top,
    bottom: height - margins.bottom,
    slot,
    bar,
    gap: bar / 4,
  }
}

/** The middle of a size's slot. */
export function slotMiddle({ left, slot }: PictureLayout, index: number): number {
  return left + slot * (index + 0.5)
}

/** Where a cost stands; one above the axis' top stays at the top. */
export function costY({ top, bottom }: PictureLayout, ns: number, topNs: number): number {
  return bottom - (bottom - top) * Math.min(1, ns / topNs)
}
