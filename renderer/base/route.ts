/** Where the user is: `#/runs/12` is the view `runs` with the arguments `['12']`. */
export type Route = { readonly view: string; readonly args: readonly string[] }

export function parseHash(hash: string): Route {
  const parts = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .filter(part => part !== '')
    .map(decodePart)
  return { view: parts[0] ?? '', args: parts.slice(1) }
}

export function hashOf(view: string, ...args: ReadonlyArray<string | number>): string {
  return `#/${[view, ...args].map(part => encodeURIComponent(part)).join('/')}`
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
