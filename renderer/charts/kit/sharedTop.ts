import { useEffect } from 'react'
import { createStore, useStore } from '../../base/store.ts'

/** How far each chart of an axis reaches, by the axis and the chart's subject. */
const tops = createStore<ReadonlyMap<string, ReadonlyMap<string, number>>>(new Map())

/** The furthest that any chart on this axis reaches: charts side by side share one scale while they are in sight. */
export function useSharedTop(axis: string, subject: string, own: number): number {
  const shared = useStore(tops, state => Math.max(own, ...(state.get(axis)?.values() ?? [])))
  useEffect(() => {
    tops.set(state => withTop(state, axis, subject, own))
    return () => tops.set(state => withTop(state, axis, subject, null))
  }, [axis, subject, own])
  return shared
}

function withTop(
  state: ReadonlyMap<string, ReadonlyMap<string, number>>,
  axis: string,
  subject: string,
  top: number | null,
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const charts = new Map(state.get(axis))
  if (top === null) charts.delete(subject)
  else charts.set(subject, top)
  return new Map(state).set(axis, charts)
}
