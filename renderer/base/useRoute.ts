import { useCallback, useSyncExternalStore } from 'react'
import { hashOf, parseHash, type Route, settingsOf, withSettings } from './route.ts'

/** Who shows the address. The event of a change comes a task later; until then a second click would see the old one. */
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('hashchange', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('hashchange', listener)
  }
}

function tellListeners(): void {
  for (const listener of listeners) listener()
}

export function useRoute(): Route {
  return parseHash(useSyncExternalStore(subscribe, () => window.location.hash))
}

export function goTo(view: string, ...args: ReadonlyArray<string | number>): void {
  window.location.hash = hashOf(view, ...args)
  tellListeners()
}

/** One setting of the view in sight, kept in the address, and how it is changed; `''` where it is not set. */
export function useSetting(name: string): [value: string, set: (value: string) => void] {
  const value = useSyncExternalStore(subscribe, () => settingsOf(window.location.hash).get(name) ?? '')
  const set = useCallback((next: string) => changeSettings({ [name]: next }), [name])
  return [value, set]
}

/** Changes settings of the view in sight. Back leads to the view before, not to every letter of a filter. */
export function changeSettings(changes: Readonly<Record<string, string>>): void {
  const hash = withSettings(window.location.hash, changes)
  if (hash === window.location.hash) return
  window.location.replace(hash)
  tellListeners()
}
