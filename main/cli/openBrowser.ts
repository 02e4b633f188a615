import { spawn } from 'node:child_process'

/** Opens `url` in the person's browser where there is a display. Without one, or without xdg-open, they have the URL. */
export function openBrowser(url: string): void {
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return
  const opener = spawn('xdg-open', [url], { detached: true, stdio: 'ignore' })
  opener.on('error', () => {})
  opener.unref()
}
