import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { placeWindow, readWindowState, writeWindowState } from './windowState.ts'

const main = { x: 0, y: 0, width: 1920, height: 1040 }
const second = { x: 1920, y: 0, width: 1280, height: 1000 }

test('a window opens where it was left, on whichever display that was', () => {
  const left = { x: 2000, y: 40, width: 1100, height: 800 }
  expect(placeWindow(left, [main, second]).bounds).toEqual(left)
})

test('a display that is gone takes no window with it', () => {
  const left = { x: 2000, y: 40, width: 1100, height: 800 }
  expect(placeWindow(left, [main]).bounds).toEqual({ width: 1100, height: 800 })
})

test('a small display gets a window that fits, and a least size that does, too', () => {
  const netbook = { x: 0, y: 0, width: 1024, height: 560 }
  expect(placeWindow(null, [netbook])).toEqual({
    bounds: { width: 1024, height: 560 },
    minWidth: 1024,
    minHeight: 560,
  })
})

test('whatever was left and whatever displays there are, the window fits one and can be caught', () => {
  const side = fc.integer({ min: 200, max: 8000 })
  const place = fc.integer({ min: -9000, max: 9000 })
  const rectangle = fc.record({ x: place, y: place, width: side, height: side })
  fc.assert(
    fc.property(rectangle, fc.array(rectangle, { minLength: 1, maxLength: 3 }), (left, areas) => {
      const { bounds, minWidth, minHeight } = placeWindow(left, areas)
      const { width, height } = bounds
      expect(areas.some(area => width <= area.width && height <= area.height)).toBe(true)
      expect(minWidth <= Math.max(...areas.map(area => area.width))).toBe(true)
      expect(minHeight <= Math.max(...areas.map(area => area.height))).toBe(true)
      const { x, y } = bounds
      if (x === undefined || y === undefined) return
      expect(
        areas.some(
          area =>
            x < area.x + area.width && x + left.width > area.x && y >= area.y && y < area.y + area.height,
        ),
      ).toBe(true)
    }),
  )
})

test('a state that cannot be read is as none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'window.json')
  const none = { bounds: null, maximized: false, theme: 'system', zoomLevel: 0 }
  expect(readWindowState(file)).toEqual(none)
  for (const text of ['', '{"bounds": 7}', '{"bounds":{"x":"1"}}', '[]']) {
    writeFileSync(file, text)
    expect(readWindowState(file)).toEqual(none)
  }
  const state = { bounds: { x: 1, y: 2, width: 3, height: 4 }, maximized: true, theme: 'dark' } as const
  // As an older lab kept it.
  writeFileSync(file, JSON.stringify(state))
  expect(readWindowState(file)).toEqual({ ...state, zoomLevel: 0 })
  writeWindowState(file, { ...state, zoomLevel: -1.5 })
  expect(readWindowState(file)).toEqual({ ...state, zoomLevel: -1.5 })
})
