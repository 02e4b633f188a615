import { useCallback, useSyncExternalStore } from 'react'
import { hashOf, parseHash, type Route, settingsOf, withoutSettings, withSettings } from './route.ts'
import { useResting } from './useResting.ts'

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

/** To another part of the view in sight, set as it is. */
export function goWithin(view: string, ...args: ReadonlyArray<string | number>): void {
  window.location.hash = withSettings(
    hashOf(view, ...args),
    Object.fromEntries(settingsOf(window.location.hash)),
  )
  tellListeners()
}

/** Of a page that is rendered into a text. */
const withoutAddress = () => ''

/** {@link goTo} for after something that takes its time: it leads nowhere once the person has gone elsewhere. */
export function goToFromHere(): typeof goTo {
  const from = withoutSettings(window.location.hash)
  return (view, ...args) => {
    if (withoutSettings(window.location.hash) === from) goTo(view, ...args)
  }
}

/** One setting of the view in sight, kept in the address, and how it is changed; `''` where it is not set. */
export function useSetting(name: string): [value: string, set: (value: string) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => settingsOf(window.location.hash).get(name) ?? '',
    withoutAddress,
  )
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

/** What moves with every turn of a wheel rests for so long before it is written: a browser bounds how often it can be. */
const restMs = 300

/** {@link useSetting} for what changes many times a second: shown at once, in the address once it rests. */
export function useRestingSetting(name: string): [value: string, set: (value: string) => void] {
  const [told, tell] = useSetting(name)
  return useResting(told, tell, restMs)
}
