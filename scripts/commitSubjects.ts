import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** The first commit of the house as it stands; what was written before it may be as it is. */
const base = '1600627c9c0f94ba71f8c40325c046c99ebd25c6'
const longestSubject = 72

/** The lines of `git log --format="%h %s"` whose subject is longer than a line of a log shows. */
export function longSubjects(log: string): string[] {
  return log.split('\n').filter(line => line.slice(line.indexOf(' ') + 1).length > longestSubject)
}

/** The commits since the base; none where the history is not here, as in an archive or a shallow clone. */
function commitsSinceBase(): string {
  const git = (...args: string[]) =>
    spawnSync('git', args, { cwd: join(import.meta.dirname, '..'), encoding: 'utf8' })
  if (git('merge-base', '--is-ancestor', base, 'HEAD').status !== 0) return ''
  return git('log', '--no-merges', '--format=%h %s', `${base}..HEAD`).stdout
}

if (import.meta.main) {
  const long = longSubjects(commitsSinceBase())
  for (const line of long) console.error(`a subject of more than ${longestSubject} characters: ${line}`)
  process.exit(long.length === 0 ? 0 : 1)
}
