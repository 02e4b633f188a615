import { type RefObject, useEffect, useRef, useState } from 'react'

/** The width of an element in CSS pixels, kept up with; `first` until it is known. */
export function useWidth<E extends HTMLElement>(first: number): [RefObject<E | null>, number] {
  const element = useRef<E>(null)
  const [width, setWidth] = useState(first)
  useEffect(() => {
    const watched = element.current
    if (watched === null) return
    const resized = new ResizeObserver(() => setWidth(watched.clientWidth))
    resized.observe(watched)
    return () => resized.disconnect()
  }, [])
  return [element, width]
}
