import { type RefObject, useEffect, useEffectEvent, useRef } from 'react'

/**
 * Calls `onWheel` for a wheel turned with Ctrl or Shift, or sideways; a plain wheel keeps scrolling the page, unless it
 * is wanted `whileFocused`. `share` is where in the element's width the pointer is. React's own wheel listener is passive
 * and could not stop page zoom.
 */
export function useWheel(
  onWheel: (event: WheelEvent, share: number) => void,
  { whileFocused = false }: { readonly whileFocused?: boolean } = {},
): RefObject<HTMLElement | null> {
  const element = useRef<HTMLElement>(null)
  const handle = useEffectEvent((event: WheelEvent) => {
    if (element.current === null) return
    const focused = whileFocused && document.activeElement === element.current
    if (!event.ctrlKey && !event.shiftKey && event.deltaX === 0 && !focused) return
    event.preventDefault()
    const box = element.current.getBoundingClientRect()
    onWheel(event, (event.clientX - box.left) / box.width)
  })
  useEffect(() => {
    const target = element.current
    const listener = (event: WheelEvent) => handle(event)
    target?.addEventListener('wheel', listener, { passive: false })
    return () => target?.removeEventListener('wheel', listener)
  }, [])
  return element
}
