import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How a program came to its end. */
export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** Waits for a program to end; each of `passed` to this process is passed on, the other signals of a terminal are not. */
export function untilEnd(child: ChildProcess, passed: readonly NodeJS.Signals[]): Promise<Ending> {
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(signal => {
    const listener = () => {
      if (passed.includes(signal)) child.kill(signal)
    }
    process.on(signal, listener)
    return [signal, listener] as const
  })
  return new Promise(resolve => {
    const end = (ending: Ending) => {
      for (const [signal, listener] of listeners) process.off(signal, listener)
      resolve(ending)
    }
    child.on('error', error => {
      console.error(`dmabuf-lab: ${error.message}`)
      end({ code: 1, signal: null })
    })
    child.on('exit', (code, signal) => end({ code, signal }))
  })
}

export type DesktopEnd = {
  readonly ending: Ending
  /** Why it ended before a person saw anything of it; `null` where somebody did, or wanted it to end. */
  readonly unseen: string | null
}

/** Runs the desktop shell to its end. It tells by a file that its window, or its error, was shown. */
export async function runDesktop(
  program: string,
  args: readonly string[],
  folder: string,
): Promise<DesktopEnd> {
  const scratch = mkdtempSync(join(tmpdir(), 'dmabuf-lab-start-'))
  const shownFile = join(scratch, 'shown')
  try {
    const child = spawn(program, args, {
      cwd: folder,
      stdio: 'inherit',
      env: { ...process.env, DMABUF_LAB_SHOWN_FILE: shownFile },
      // A session of its own: Ctrl-C is passed on to the shell, and not to the engines and agents below it.
      detached: process.platform !== 'win32',
    })
    const ending = await untilEnd(child, ['SIGINT', 'SIGTERM', 'SIGHUP'])
    return { ending, unseen: existsSync(shownFile) ? null : whyUnseen(ending) }
  } catch (thrown) {
    return {
      ending: { code: 1, signal: null },
      unseen: `The desktop shell cannot be started: ${String(thrown)}.`,
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** A clean end is a second start that found the first one, and a polite signal is somebody's wish. */
function whyUnseen({ code, signal }: Ending): string | null {
  if (code === 0 || signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP') return null
  const how = signal === null ? `with code ${code}` : `by ${signal}`
  return `The desktop shell ended ${how} before its window was shown; what it said stands above.`
}
