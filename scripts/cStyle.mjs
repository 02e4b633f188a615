// node scripts/cStyle.mjs checks that the C code is laid out as .clang-format says; with --write it lays it out so.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { programs } from './debian.mjs'

const root = join(import.meta.dirname, '..')
const formatter = programs['clang-format'].file
const files = readdirSync(join(root, 'device'), { recursive: true, encoding: 'utf8' })
  .filter(name => /\.[ch]$/.test(name))
  .map(name => join('device', name))

if (existsSync(formatter)) {
  const how = process.argv.includes('--write') ? ['-i'] : ['--dry-run', '-Werror']
  const done = spawnSync(formatter, ['--style=file', ...how, ...files], { cwd: root, stdio: 'inherit' })
  console.log(`${files.length} C files`)
  process.exitCode = done.status ?? 1
} else {
  console.log(`skipped: no ${formatter} (Debian: apt-get install clang-format)`)
}
