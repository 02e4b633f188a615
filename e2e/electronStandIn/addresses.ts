/**
 * Debian's Chromium knows no scheme of ours, so a scheme that was registered as standard and secure stands on an https
 * origin of its own: it has an origin, is a secure context and gets the policy's 'self', as such a scheme has in
 * Electron. The shell sees its own addresses, Chromium sees these.
 */
const suffix = '.lab-stand-in.invalid'

export function toChromium(url: string, schemes: ReadonlySet<string>): string {
  const parsed = URL.parse(url)
  const scheme = parsed?.protocol.slice(0, -1) ?? ''
  if (parsed === null || !schemes.has(scheme)) return url
  return `https://${parsed.host}.${scheme}${suffix}${parsed.pathname}${parsed.search}${parsed.hash}`
}

export function toShell(url: string): string {
  const parsed = URL.parse(url.replace(/^blob:/, ''))
  if (parsed === null || parsed.protocol !== 'https:' || !parsed.host.endsWith(suffix)) return url
  const [host, scheme] = splitLast(parsed.host.slice(0, -suffix.length))
  const own = `${scheme}://${host}${parsed.pathname}${parsed.search}${parsed.hash}`
  return url.startsWith('blob:') ? `blob:${own}` : own
}

function splitLast(host: string): [string, string] {
  const at = host.lastIndexOf('.')
  return [host.slice(0, at), host.slice(at + 1)]
}
