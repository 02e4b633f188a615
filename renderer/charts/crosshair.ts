import { createStore, useStore } from '../base/store.ts'

/** The size in bytes that a pointer is on, for every chart over sizes at once; `null` for none. */
const crosshair = createStore<number | null>(null)

export function pointAt(bytes: number | null): void {
  if (crosshair.get() !== bytes) crosshair.set(() => bytes)
}

export const usePointed = () => useStore(crosshair, bytes => bytes)
