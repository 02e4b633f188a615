export const ownScheme = 'lab'
export const ownOrigin = `${ownScheme}://app`
export const ownPage = `${ownOrigin}/`

/** Parses before it compares: `http://evil/?lab://app/` and `lab://app.evil/` are not ours. */
export function isOwnPage(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && url.protocol === `${ownScheme}:` && url.host === 'app'
}
