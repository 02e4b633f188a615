import type { PointStyle } from 'chart.js'
import type { Family, Fill, Overlap, Scheme, SchemeId } from '../../contract/schemes.ts'
import { schemeOf } from '../../contract/schemes.ts'
import type { Theme } from '../base/theme.ts'

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

type Tones = { readonly serial: string; readonly overlapped: string }

export const familyColours: Record<Theme, Record<Family, Tones>> = {
  light: {
    heap: { serial: '#d55e00', overlapped: '#9c4300' },
    udmabuf: { serial: '#3a8fc7', overlapped: '#005a8f' },
    copy: { serial: '#c2619a', overlapped: '#8f3a6c' },
    'in-kernel': { serial: '#1f9a74', overlapped: '#00664a' },
    wrapfd: { serial: '#707070', overlapped: '#3a3a3a' },
    memfd: { serial: '#b57f00', overlapped: '#7a5300' },
  },
  dark: {
    heap: { serial: '#e0731f', overlapped: '#ff9a52' },
    udmabuf: { serial: '#3f93cc', overlapped: '#7cc4f5' },
    copy: { serial: '#cc79a7', overlapped: '#eba6cb' },
    'in-kernel': { serial: '#109e75', overlapped: '#4fd6ab' },
    wrapfd: { serial: '#8f8f8f', overlapped: '#d4d4d4' },
    memfd: { serial: '#c78a00', overlapped: '#ffc14a' },
  },
}

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
  dontcache: 'star',
  ioctl: 'circle',
  'mmap-copy': 'crossRot',
  sendfile: 'cross',
  'copy-file-range': 'star',
}

/** Of two schemes of one family that overlap alike: one buffer in place of many, many memfds in place of one. */
const ownMarkers: Partial<Record<SchemeId, Marker>> = {
  'wrapfd-slices-direct': 'star',
  'udmabuf-list-direct': 'star',
  'memfd-list-direct': 'star',
}

/** The overlap, or else how the bytes get there. */
function markerOf({ overlap, fill }: Scheme): Marker {
  return overlap === 'serial' ? fillMarkers[fill] : overlapMarkers[overlap]
}

export function schemeStyle(id: SchemeId, theme: Theme): SchemeStyle {
  const scheme = schemeOf(id)
  const tones = familyColours[theme][scheme.family]
  const buffered = scheme.ioMode === 'buffered'
  return {
    colour: scheme.overlap === 'serial' ? tones.serial : tones.overlapped,
    dash: buffered ? bufferedDash : [],
    marker: ownMarkers[id] ?? markerOf(scheme),
    hollow: buffered,
  }
}
