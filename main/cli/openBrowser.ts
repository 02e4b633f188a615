import { spawn } from 'node:child_process'

/** The program of each platform that hands a URL to the person's browser. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32.exe', 'url.dll,FileProtocolHandler'],
}

/** Opens `url` in the person's browser where there is a display. Without one, or without an opener, they have the URL. */
export function openBrowser(url: string): void {
  const known = openers[process.platform]
  if (known === undefined && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return
  const [program, ...args] = known ?? ['xdg-open']
  try {
    const opener = spawn(program, [...args, url], { detached: true, stdio: 'ignore' })
    opener.on('error', () => {})
    opener.unref()
  } catch {
    // As above: they have the URL.
  }
}
