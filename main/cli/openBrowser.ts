import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The program of each platform that hands a file to the person's browser. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32.exe', 'url.dll,FileProtocolHandler'],
}

/**
 * Opens `url` in the person's browser where there is a display, by way of a file that only they can read: a command
 * line can be read by every user of the machine. Without a display or an opener, they have the printed address.
 * @returns what removes the file.
 */
export function openBrowser(url: string, dataDirectory: string): () => void {
  const known = openers[process.platform]
  if (known === undefined && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return () => {}
  const [program, ...args] = known ?? ['xdg-open']
  const file = writeRedirect(url, join(dataDirectory, 'open'))
  try {
    const opener = spawn(program, [...args, file], { detached: true, stdio: 'ignore' })
    opener.on('error', () => {})
    opener.unref()
  } catch {
    // As above: they have the printed address.
  }
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
