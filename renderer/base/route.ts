/** Where the user is: `#/runs/12` is the view `runs` with the arguments `['12']`. */
export type Route = { readonly view: string; readonly args: readonly string[] }

/** What is behind the `?` of an address says how the view is set: its filter, order, size. */
const settingsMark = '?'

export function parseHash(hash: string): Route {
  const parts = withoutSettings(hash)
    .replace(/^#?\/?/, '')
    .split('/')
    .filter(part => part !== '')
    .map(decodePart)
  return { view: parts[0] ?? '', args: parts.slice(1) }
}

export function hashOf(view: string, ...args: ReadonlyArray<string | number>): string {
  return `#/${[view, ...args].map(part => encodeURIComponent(part)).join('/')}`
}

/** The settings of the view that an address names. */
export function settingsOf(hash: string): ReadonlyMap<string, string> {
  const at = hash.indexOf(settingsMark)
  return new Map(new URLSearchParams(at < 0 ? '' : hash.slice(at + 1)))
}

/** The address with other settings; an empty one is left out. */
export function withSettings(hash: string, changes: Readonly<Record<string, string>>): string {
  const settings = new URLSearchParams([...settingsOf(hash)])
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') settings.delete(name)
    else settings.set(name, value)
  }
  const view = withoutSettings(hash)
  const text = settings.toString()
  return text === '' ? view : `${view}${settingsMark}${text}`
}

/** The address of the view alone. */
export function withoutSettings(hash: string): string {
  return hash.split(settingsMark)[0] ?? ''
}

/** A positive whole number from a route's argument, else `null`. */
export function idOf(arg: string | undefined): number | null {
  return arg !== undefined && /^[1-9]\d{0,14}$/.test(arg) ? Number(arg) : null
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
