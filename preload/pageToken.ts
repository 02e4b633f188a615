const storageKey = 'dmabuf-lab-token'

/**
 * The token of the hosted shell: from the page's address, out of which it is taken, else as this origin's pages have
 * stored it. The storage belongs to the origin with its port, unlike a cookie. Empty where there is none.
 */
export function pageToken(): string {
  const address = new URL(location.href)
  const given = address.searchParams.get('token')
  if (given === null) return stored()
  address.searchParams.delete('token')
  history.replaceState(history.state, '', address)
  store(given)
  return given
}

function stored(): string {
  try {
    return localStorage.getItem(storageKey) ?? ''
  } catch {
    // Storage is switched off in this browser.
    return ''
  }
}

function store(token: string): void {
  try {
    localStorage.setItem(storageKey, token)
  } catch {
    // The page works until it is loaded again.
  }
}
