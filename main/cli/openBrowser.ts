import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Opens `url` in the person's browser where there is a display, by way of a file that only they can read: a command
 * line can be read by every user of the machine. Without a display or xdg-open, they have the printed address.
 * @returns what removes the file.
 */
export function openBrowser(url: string, dataDirectory: string): () => void {
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return () => {}
  const file = writeRedirect(url, join(dataDirectory, 'open'))
  const opener = spawn('xdg-open', [file], { detached: true, stdio: 'ignore' })
  opener.on('error', () => {})
  opener.unref()
  return () => rmSync(file, { force: true })
}

/** A page that leads to `url`; one file for each lab that lives, named by its pid. */
export function writeRedirect(url: string, folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(folder)) {
    if (!isAlive(Number.parseInt(name, 10))) rmSync(join(folder, name), { force: true })
  }
  const file = join(folder, `${process.pid}.html`)
  const page = [
    '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">',
    `<meta http-equiv="refresh" content="0;url=${url}">`,
    `<title>dmabuf-lab</title><a href="${url}">Open the lab</a>`,
  ]
  writeFileSync(file, page.join('\n'), { mode: 0o600, flag: 'wx' })
  return file
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}
