import { useSyncExternalStore } from 'react'
import { hashOf, parseHash, type Route } from './route.ts'

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

export function useRoute(): Route {
  return parseHash(useSyncExternalStore(subscribe, () => window.location.hash))
}

export function goTo(view: string, ...args: ReadonlyArray<string | number>): void {
  window.location.hash = hashOf(view, ...args)
}
