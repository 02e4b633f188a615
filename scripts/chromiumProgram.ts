import { existsSync } from 'node:fs'

/** The shell's own program: the script before it in /usr/bin stays as its parent, and is killed without it. */
const headlessShell = '/usr/lib/chromium/chromium-headless-shell'
const wholeBrowser = '/usr/bin/chromium'

/** The browser of the whole-application tests: Debian's headless shell, or the whole browser where that alone is. */
export function chromiumProgram(
  environment: NodeJS.ProcessEnv = process.env,
  exists: (file: string) => boolean = existsSync,
): string {
  const named = environment.DMABUF_LAB_CHROMIUM
  if (named !== undefined && named !== '') return named
  return exists(headlessShell) || !exists(wholeBrowser) ? headlessShell : wholeBrowser
}
