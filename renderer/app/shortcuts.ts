export type Command =
  | { readonly name: 'start' }
  | { readonly name: 'cancel' }
  | { readonly name: 'view'; readonly digit: number }

/** What of a key press decides about its meaning. */
export type KeyPress = {
  readonly key: string
  readonly ctrl: boolean
  readonly alt: boolean
  readonly meta: boolean
  /** The focus is in a field that takes text. */
  readonly typing: boolean
}

/** F5 or Ctrl+Enter starts, Esc cancels, a digit or Alt+digit switches the view. */
export function commandOf(press: KeyPress): Command | null {
  const plain = !press.ctrl && !press.alt && !press.meta
  if (press.key === 'F5' && plain) return { name: 'start' }
  if (press.key === 'Enter' && (press.ctrl || press.meta) && !press.alt) return { name: 'start' }
  if (press.key === 'Escape' && plain) return { name: 'cancel' }
  const switches = /^[1-9]$/.test(press.key) && !press.ctrl && !press.meta && (press.alt || !press.typing)
  return switches ? { name: 'view', digit: Number(press.key) } : null
}
