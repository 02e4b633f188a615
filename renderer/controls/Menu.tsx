import './menu.css'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'

export type MenuItem = { readonly title: string; readonly hint?: string; readonly act: () => void }
export type MenuGroup = { readonly title: string; readonly items: readonly MenuItem[] }

/** A button that opens a list of deeds. Arrows move in it, Esc and a click elsewhere close it. */
export function Menu({ title, groups }: { readonly title: string; readonly groups: readonly MenuGroup[] }) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const listId = useId()
  useEffect(() => {
    if (!open) return
    itemsIn(box.current)[0]?.focus()
    const closeFrom = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', closeFrom)
    return () => document.removeEventListener('pointerdown', closeFrom)
  }, [open])
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const obey = (event: KeyboardEvent<HTMLDivElement>) => {
    const items = itemsIn(box.current)
    const at = items.findIndex(item => item.matches(':focus'))
    const next = nextItem(event.key, at, items.length)
    if (event.key !== 'Escape' && event.key !== 'Tab' && next === null) return
    if (event.key !== 'Tab') event.preventDefault()
    if (event.key === 'Escape') close()
    else if (event.key === 'Tab') setOpen(false)
    else if (next !== null) items[next]?.focus()
  }
  return (
    <div className="menu" ref={box}>
      <button
        type="button"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        onClick={() => setOpen(!open)}
      >
        {title} <span aria-hidden="true">▾</span>
      </button>
      {open && (
        <div className="menu-list" role="menu" id={listId} aria-label={title} tabIndex={-1} onKeyDown={obey}>
          {groups.map(group => (
            // biome-ignore lint/a11y/useSemanticElements: a menu's group is no fieldset
            <div role="group" aria-label={group.title} key={group.title}>
              <p className="quiet" aria-hidden="true">
                {group.title}
              </p>
              {group.items.map(item => (
                <button
                  type="button"
                  role="menuitem"
                  key={item.title}
                  tabIndex={-1}
                  onClick={() => {
                    close()
                    item.act()
                  }}
                >
                  <span>{item.title}</span>
                  {item.hint !== undefined && <span className="quiet">{item.hint}</span>}
                </button>
              ))}
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

function itemsIn(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])]
}

/** Where a key leads, round at the ends; `null` for one that leads nowhere. */
function nextItem(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count
    case 'ArrowUp':
      return at <= 0 ? count - 1 : at - 1
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}
