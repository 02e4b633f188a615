import type { Lab } from '../../contract/calls.ts'
import type { Desktop } from '../../contract/desktop.ts'

declare global {
  interface Window {
    /** Put there by the shell's preload script before this page's own scripts run. */
    readonly lab: Lab
    /** In the desktop shell alone. */
    readonly desktop?: Desktop
  }
}

/** The only way out of the renderer. */
export const lab: Lab = window.lab

/** What the desktop can do beside it; `undefined` in a browser. */
export const desktop: Desktop | undefined = window.desktop
