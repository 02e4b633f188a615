import { fail } from '../contract/error.ts'

/**
 * What a file may hold at most, of any kind. A lab's own texts come in lines of an agent, which have 64 KiB, or from paths;
 * two of them may stand in one reason. Longer ones were never measured, and are shown to people.
 */
export const mostTextCharacters = 128 * 1024
/** Names of machines, files, zones, heaps; a path has 4096 bytes at most (PATH_MAX). */
export const mostNameCharacters = 4096
/** Entries of any list beside samples and spans: schemes, zones, notes, figures of a sample. */
export const mostEntries = 4096

/** Texts that may be sentences; anything else is a name. */
const sentences: ReadonlySet<string> = new Set([
  'reason',
  'why',
  'notes',
  'noCeiling',
  'detail',
  'mountOptions',
])
const longLists: ReadonlySet<string> = new Set(['samples', 'spans'])

type Path = readonly (string | number)[]

/**
 * Looks at all that a file holds, whatever it is, before anything reads it.
 * @throws LabFailure `bad-input` naming the path in the file.
 */
export function checkLimits(file: unknown): void {
  if (typeof file !== 'object' || file === null) return
  for (const [key, value] of entriesOf([], file)) {
    // One by one: all entries of a million spans at once would take more memory than the file.
    if (longLists.has(key) && Array.isArray(value)) {
      value.forEach((entry, index) => {
        checkBelow([key, index], entry)
      })
    } else {
      checkBelow([key], value)
    }
  }
}

/** With a stack of its own: nesting has no end that JSON.parse would know. */
function checkBelow(path: Path, value: unknown): void {
  const places: { path: Path; value: unknown }[] = [{ path, value }]
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { path, value } = place
    if (typeof value === 'string') checkText(path, value)
    if (typeof value !== 'object' || value === null) continue
    for (const [key, entry] of entriesOf(path, value)) {
      places.push({ path: [...path, Array.isArray(value) ? Number(key) : key], value: entry })
    }
  }
}

function entriesOf(path: Path, value: object): [string, unknown][] {
  const entries = Object.entries(value)
  if (entries.length > mostEntries) refuse(path, `${entries.length} entries, more than ${mostEntries}`)
  const long = entries.find(([key]) => key.length > mostNameCharacters)
  if (long !== undefined) refuse(path, `a key of ${long[0].length} characters`)
  return entries
}

function checkText(path: Path, text: string): void {
  const name = path.findLast(part => typeof part === 'string')
  const most = sentences.has(String(name)) ? mostTextCharacters : mostNameCharacters
  if (text.length > most) refuse(path, `a text of ${text.length} characters, more than ${most}`)
}

function refuse(path: Path, what: string): never {
  const where = path.join('.').slice(0, 200) || 'the file'
  fail('bad-input', `${where}: ${what}`, 'Choose a file that the JSON export wrote.')
}
