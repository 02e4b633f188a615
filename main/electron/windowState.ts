import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { type ThemeChoice, themeChoiceSchema } from '../../contract/desktop.ts'

export type Rectangle = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const rectangleSchema = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() })
const stateSchema = z.object({
  bounds: rectangleSchema.nullable(),
  maximized: z.boolean(),
  theme: themeChoiceSchema,
  /** Chromium's levels: each is 1.2 times the one below, 0 is as drawn. */
  zoomLevel: z.number().min(-8).max(9).default(0),
})
/** How the window was left. */
export type WindowState = {
  readonly bounds: Rectangle | null
  readonly maximized: boolean
  readonly theme: ThemeChoice
  readonly zoomLevel: number
}

const firstState: WindowState = { bounds: null, maximized: false, theme: 'system', zoomLevel: 0 }

/** The state that was left in `file`; one that cannot be read is as none. */
export function readWindowState(file: string): WindowState {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return firstState
  }
}

/** Where the window stood is a comfort: where it cannot be kept, nothing else fails. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, JSON.stringify(state))
  } catch (thrown) {
    console.error(`the window's place was not kept: ${String(thrown)}`)
  }
}

const wished = { width: 1440, height: 900 }
const least = { width: 1024, height: 700 }
/** So much of the window must lie on a display for its title bar to be caught. */
const gripPx = 64

export type Placement = {
  readonly bounds: Partial<Rectangle> & { readonly width: number; readonly height: number }
  readonly minWidth: number
  readonly minHeight: number
}

/**
 * Where the window opens: where it was left, if that is still on a display, and never larger than the work area of the
 * one it opens on. `areas` are the displays' work areas, the main one first.
 */
export function placeWindow(saved: Rectangle | null, areas: readonly Rectangle[]): Placement {
  const kept = saved === null ? undefined : areas.find(area => isReachable(saved, area))
  const area = kept ?? areas[0] ?? { x: 0, y: 0, ...wished }
  const size = {
    width: Math.min(saved?.width ?? wished.width, area.width),
    height: Math.min(saved?.height ?? wished.height, area.height),
  }
  return {
    bounds: saved !== null && kept !== undefined ? { x: saved.x, y: saved.y, ...size } : size,
    minWidth: Math.min(least.width, area.width),
    minHeight: Math.min(least.height, area.height),
  }
}

/** Whether the middle of the title bar can be caught. */
function isReachable(window: Rectangle, area: Rectangle): boolean {
  const overlap = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x)
  return overlap >= gripPx && window.y >= area.y && window.y <= area.y + area.height - gripPx
}
