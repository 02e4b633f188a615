import type { Phase } from '../../contract/sample.ts'
import { type Family, type SchemeId, schemeOf } from '../../contract/schemes.ts'
import type { CostPart } from '../picture.ts'

/** What a drawing stands on. */
export type Theme = 'light' | 'dark'

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

/**
 * One palette for stacks, timelines and legends. It shares no hue with a family of schemes (violets, a teal, an olive,
 * greys), and any two stay apart under each kind of colour blindness. `wait` has no colour: it is hatched.
 */
export const phaseColours: Record<Theme, Record<Exclude<Phase, 'wait'>, string>> = {
  light: {
    open: '#484b4e',
    alloc: '#9370e8',
    map: '#64057f',
    create: '#524bc1',
    read: '#4897a1',
    copy: '#6b7034',
    close: '#2c2f33',
  },
  dark: {
    open: '#9ea3aa',
    alloc: '#d0b4f8',
    map: '#d677f4',
    create: '#665ce4',
    read: '#a2f2fd',
    copy: '#d7f366',
    close: '#828383',
  },
}

/** Hue tells the family, the deeper tone that the load overlaps. */
export function schemeColour(id: SchemeId, theme: Theme): string {
  const { family, overlap } = schemeOf(id)
  const tones = familyColours[theme][family]
  return overlap === 'serial' ? tones.serial : tones.overlapped
}

/** The first gather is allocation, T(I/O) is reading or copying, and the rest belongs to no phase. */
export function partColour(part: CostPart, theme: Theme): string {
  const colours = phaseColours[theme]
  switch (part) {
    case 'first gather':
    case 'alloc':
      return colours.alloc
    case 'map':
      return colours.map
    case 'create':
      return colours.create
    case 'I/O':
      return colours.read
    case 'rest':
      return colours.open
  }
}
