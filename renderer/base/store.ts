import { useSyncExternalStore } from 'react'

/** A value that lives outside React and tells its subscribers when it is replaced. */
export type Store<S> = {
  readonly get: () => S
  readonly set: (change: (state: S) => S) => void
  readonly subscribe: (listener: () => void) => () => void
}

export function createStore<S>(initial: S): Store<S> {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    set: change => {
      const next = change(state)
      if (Object.is(next, state)) return
      state = next
      for (const listener of listeners) listener()
    },
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Reads a part of a store. `select` must return the same object while its part has not changed. */
export function useStore<S, T>(store: Store<S>, select: (state: S) => T): T {
  const selected = () => select(store.get())
  return useSyncExternalStore(store.subscribe, selected, selected)
}
