import type { Phase } from '../../contract/sample.ts'
import type { Theme } from '../base/theme.ts'

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
