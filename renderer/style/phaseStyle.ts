import type { Phase } from '../../contract/sample.ts'
import type { Theme } from '../base/theme.ts'

/** One palette for stacks, timelines and legends. `wait` has no colour: it is hatched. */
export const phaseColours: Record<Theme, Record<Exclude<Phase, 'wait'>, string>> = {
  light: {
    open: '#7d8791',
    alloc: '#c98200',
    map: '#c2619a',
    create: '#8f3a6c',
    read: '#2e86c1',
    copy: '#1f9a74',
    close: '#56606b',
  },
  dark: {
    open: '#7f8a95',
    alloc: '#e69f00',
    map: '#cc79a7',
    create: '#eba6cb',
    read: '#56b4e9',
    copy: '#2fb58a',
    close: '#a3adb8',
  },
}
