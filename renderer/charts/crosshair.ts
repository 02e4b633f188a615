import { createStore, useStore } from '../base/store.ts'

/** The size in bytes that a pointer is on, for every chart over sizes at once; `null` for none. */
const crosshair = createStore<number | null>(null)

export function pointAt(bytes: number | null): void {
  if (crosshair.get() !== bytes) crosshair.set(() => bytes)
}

export const usePointed = () => useStore(crosshair, bytes => bytes)

/** The time in ns since a load's start that a pointer is on, for every timeline at once; `null` for none. */
const timeCrosshair = createStore<number | null>(null)

export function pointAtTime(ns: number | null): void {
  if (timeCrosshair.get() !== ns) timeCrosshair.set(() => ns)
}

export const usePointedTime = () => useStore(timeCrosshair, ns => ns)
