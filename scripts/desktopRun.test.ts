import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDesktop } from './desktopRun.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Stands in for Electron's program, with these lines of shell. */
function program(...lines: string[]): string {
  const file = join(folder, 'electron')
  writeFileSync(file, ['#!/bin/sh', ...lines].join('\n'))
  chmodSync(file, 0o755)
  return file
}

test('a shell that dies before its window was shown is told with how it died', async () => {
  expect((await runDesktop(program('exit 5'), [], folder)).unseen).toContain(
    'ended with code 5 before its window',
  )
  expect((await runDesktop(program('kill -TRAP $$'), [], folder)).unseen).toContain('by SIGTRAP')
  expect((await runDesktop(join(folder, 'nowhere'), [], folder)).unseen).toContain('before its window')
})

test('a shell that was seen, or that gave way to a first one, needs no other', async () => {
  const seen = program('echo shown > "$DMABUF_LAB_SHOWN_FILE"', 'exit 5')
  expect(await runDesktop(seen, [], folder)).toEqual({ ending: { code: 5, signal: null }, unseen: null })
  expect((await runDesktop(program('exit 0'), [], folder)).unseen).toBeNull()
})

test('it gets its arguments and its folder', async () => {
  const wants = program(`[ "$1" = . ] && [ "$2" = model.bin ] && [ "$PWD" = "${folder}" ] || exit 7`)
  expect((await runDesktop(wants, ['.', 'model.bin'], folder)).ending.code).toBe(0)
})

test('it has a session of its own, which a terminal does not interrupt', async () => {
  // The fields of /proc/PID/stat after the name in parentheses: state, parent, group, session.
  const leads = program('[ "$(cut -d" " -f6 /proc/$$/stat)" = "$$" ] || exit 7')
  expect((await runDesktop(leads, [], folder)).ending.code).toBe(0)
})
