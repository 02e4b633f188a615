import type { PointStyle } from 'chart.js'
import type { Family, Fill, Overlap, Scheme, SchemeId } from '../../contract/schemes.ts'
import { schemeOf } from '../../contract/schemes.ts'
import { schemeColour, type Theme } from '../../findings/drawing/palette.ts'

/**
 * One colour, dash and marker per scheme, everywhere. Hue tells the family (Okabe and Ito's hues, 2008, shifted in
 * lightness where they would fall below 3:1 on the ground), the deeper tone that the load overlaps, the marker how the
 * bytes get there, dash and hollow marker that the I/O is buffered.
 */
export type SchemeStyle = {
  readonly colour: string
  readonly dash: readonly number[]
  readonly marker: Marker
  readonly hollow: boolean
}

export type Marker = Extract<PointStyle, 'circle' | 'rect' | 'triangle' | 'crossRot' | 'cross' | 'star'>

export const familyTitles: Record<Family, string> = {
  heap: 'dma-heap',
  udmabuf: 'udmabuf',
  copy: 'sendfile and copy',
  'in-kernel': 'in-kernel read',
  wrapfd: 'wrapfd (Android)',
  memfd: 'memfd, no dma-buf',
}

const bufferedDash = [5, 3]

const overlapMarkers = { async: 'rect', gather: 'triangle' } as const satisfies Record<
  Exclude<Overlap, 'serial'>,
  Marker
>

const fillMarkers: Record<Fill, Marker> = {
  read: 'circle',
  ioctl: 'circle',
  'mmap-copy': 'crossRot',
  sendfile: 'cross',
  'copy-file-range': 'star',
}

/** Two schemes of one family that overlap alike: one buffer in place of many. */
const ownMarkers: Partial<Record<SchemeId, Marker>> = { 'wrapfd-slices-direct': 'star' }

/** The overlap, or else how the bytes get there. */
function markerOf({ overlap, fill }: Scheme): Marker {
  return overlap === 'serial' ? fillMarkers[fill] : overlapMarkers[overlap]
}

export function schemeStyle(id: SchemeId, theme: Theme): SchemeStyle {
  const scheme = schemeOf(id)
  const buffered = scheme.ioMode === 'buffered'
  return {
    colour: schemeColour(id, theme),
    dash: buffered ? bufferedDash : [],
    marker: ownMarkers[id] ?? markerOf(scheme),
    hollow: buffered,
  }
}
