import type { Lab } from '../../contract/calls.ts'

declare global {
  interface Window {
    /** Put there by the shell's preload script before this page's own scripts run. */
    readonly lab: Lab
  }
}

/** The only way out of the renderer. */
export const lab: Lab = window.lab
