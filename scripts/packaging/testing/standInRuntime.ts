import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What Electron's program has in it for the fuses: a marker, a version, a length, and a digit for each. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** Lays out a folder like Electron's unpacked runtime for Linux, with programs that only say what they are not. */
export function makeStandInRuntime(folder: string, electronVersion: string): void {
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'), { recursive: true })
  const program = [
    '#!/bin/sh',
    'echo "this stands in for Electron, whose runtime is not here" >&2',
    'exit 1',
    '',
  ].join('\n')
  const wire = Buffer.concat([
    Buffer.from(`${program}# ${sentinel}`),
    Buffer.from([1, 9]),
    Buffer.from('101100111\n'),
  ])
  writeFileSync(join(folder, 'electron'), wire)
  writeFileSync(join(folder, 'chrome-sandbox'), program)
  for (const name of ['electron', 'chrome-sandbox']) chmodSync(join(folder, name), 0o755)
  writeFileSync(join(folder, 'version'), electronVersion)
  writeFileSync(join(folder, 'LICENSE'), 'a stand-in has no licence of its own\n')
  writeFileSync(join(folder, 'resources', 'default_app.asar'), 'left out')
  writeFileSync(join(folder, 'locales', 'en-US.pak'), '')
}
