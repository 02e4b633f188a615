import { useEffect, useEffectEvent } from 'react'
import { type Command, commandOf } from './shortcuts.ts'

const textFields = 'input:not([type=checkbox]):not([type=radio]):not([type=file]), textarea, select'

function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches(textFields)
}

/** Calls `onCommand` for every shortcut; a key that something nearer already handled is left alone. */
export function useShortcuts(onCommand: (command: Command) => void): void {
  const handle = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return
    const command = commandOf({
      key: event.key,
      ctrl: event.ctrlKey,
      alt: event.altKey,
      meta: event.metaKey,
      typing: takesText(event.target),
    })
    if (command === null) return
    event.preventDefault()
    if (!event.repeat) onCommand(command)
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => handle(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
}
