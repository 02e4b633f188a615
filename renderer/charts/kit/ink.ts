import { useMemo } from 'react'
import type { Theme } from '../../../findings/drawing/palette.ts'
import { useStore } from '../../base/store.ts'
import { themeStore } from '../../base/theme.ts'

/** The tokens that a canvas needs, resolved for the theme in use. */
export type Ink = {
  readonly theme: Theme
  readonly ground: string
  readonly raised: string
  readonly line: string
  readonly edge: string
  readonly ink: string
  readonly quiet: string
  readonly words: string
  readonly numbers: string
}

function readInk(theme: Theme): Ink {
  const computed = getComputedStyle(document.documentElement)
  const token = (name: string) => computed.getPropertyValue(name).trim()
  return {
    theme,
    ground: token('--ground'),
    raised: token('--raised'),
    line: token('--line'),
    edge: token('--edge'),
    ink: token('--ink'),
    quiet: token('--ink-quiet'),
    words: token('--words'),
    numbers: token('--numbers'),
  }
}

export function useInk(): Ink {
  const theme = useStore(themeStore, state => state.theme)
  return useMemo(() => readInk(theme), [theme])
}
