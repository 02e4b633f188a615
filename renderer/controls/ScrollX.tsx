import type { ReactNode } from 'react'

/** A wide table that scrolls sideways by itself, by keyboard too. */
export function ScrollX({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the arrow keys could not scroll it
    <section className="scroll-x" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
