import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** From when on the rule holds: what was committed before, here or on a branch that is merged later, is as it is. */
const holdsFrom = '2026-11-28T03:15:00Z'
const longestSubject = 72

/** The lines of `git log --format="%h %s"` whose subject is longer than a line of a log shows. */
export function longSubjects(log: string): string[] {
  return log.split('\n').filter(line => line.slice(line.indexOf(' ') + 1).length > longestSubject)
}

/** The commits since then, as far as the history is here; none in an archive or where there is no git. */
function commitsSince(moment: string): string {
  const log = ['log', '--no-merges', `--since=${moment}`, '--format=%h %s']
  const { status, stdout } = spawnSync('git', log, { cwd: join(import.meta.dirname, '..'), encoding: 'utf8' })
  return status === 0 ? stdout : ''
}

if (import.meta.main) {
  const long = longSubjects(commitsSince(holdsFrom))
  for (const line of long) console.error(`a subject of more than ${longestSubject} characters: ${line}`)
  process.exit(long.length === 0 ? 0 : 1)
}
