import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callNames } from '../contract/calls.ts'
import { desktopCallNames } from '../contract/desktop.ts'

const root = join(import.meta.dirname, '..')
const text = readFileSync(join(root, 'docs', 'security.md'), 'utf8')

test("every point of Electron's list is there once, with tests that are there", () => {
  const points = [...text.matchAll(/^\| (\d+) \|.*\|([^|]*)\|$/gm)]
  expect(points.map(([, number]) => Number(number))).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  )
  for (const [, number, tests] of points) {
    const files = [...(tests ?? '').matchAll(/`([^`]+)`/g)].map(([, file]) => file ?? '')
    expect(files.length, `point ${number}`).toBeGreaterThan(0)
    for (const file of files) expect(existsSync(join(root, file)), file).toBe(true)
  }
})

test('a new call is thought about: what a page can do is said for these', () => {
  // Whoever adds one looks at docs/security.md, "A page that was taken over", and counts it here.
  expect(callNames.length).toBe(27)
  expect(desktopCallNames).toEqual([
    ...['saveRun', 'copyRun', 'savePicture', 'showSaved'],
    ...['chooseFile', 'setTheme'],
  ])
})
