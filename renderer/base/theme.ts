import { type ThemeChoice, themeChoices } from '../../contract/desktop.ts'
import type { Theme } from '../../findings/drawing/palette.ts'
import { createStore } from './store.ts'

const storageKey = 'theme'
const systemDark = window.matchMedia('(prefers-color-scheme: dark)')

type ThemeState = { readonly choice: ThemeChoice; readonly theme: Theme }

function stateOf(choice: ThemeChoice): ThemeState {
  if (choice !== 'system') return { choice, theme: choice }
  return { choice, theme: systemDark.matches ? 'dark' : 'light' }
}

function storedChoice(): ThemeChoice {
  const stored = window.localStorage.getItem(storageKey)
  return themeChoices.find(choice => choice === stored) ?? 'system'
}

export const themeStore = createStore<ThemeState>(stateOf(storedChoice()))

function apply(): void {
  const { choice } = themeStore.get()
  if (choice === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = choice
}

export function chooseTheme(choice: ThemeChoice): void {
  window.localStorage.setItem(storageKey, choice)
  themeStore.set(() => stateOf(choice))
}

/** Keeps the document in step with the choice and with the system's setting. */
export function followTheme(): void {
  themeStore.subscribe(apply)
  systemDark.addEventListener('change', () => themeStore.set(state => stateOf(state.choice)))
  apply()
}
