import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What of a Linux machine decides whether Chromium can keep its sandbox. */
export type SandboxFacts = {
  /** Whether Electron's chrome-sandbox belongs to root and is setuid. */
  readonly setuidHelper: boolean
  /** Ubuntu's rule from 23.10 on: a program without an AppArmor profile gets no user namespace. */
  readonly appArmorRule: boolean
  /** Whether a user namespace with an identity can be made here and now. */
  readonly userNamespaces: boolean
}

export type SandboxProblem = { readonly reason: string; readonly fix: string }

/** Why Chromium would die at its start, or `null`. The lab never starts it without its sandbox. */
export function sandboxProblem(facts: SandboxFacts, helper: string): SandboxProblem | null {
  if (facts.setuidHelper) return null
  const fix = `sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}', or install the lab's package`
  if (facts.appArmorRule) {
    const reason = "AppArmor gives user namespaces to known programs only, and Chromium's sandbox needs one"
    return { reason, fix }
  }
  if (facts.userNamespaces) return null
  return { reason: "this system makes no user namespaces, and Chromium's sandbox needs one", fix }
}

/** The helper that Electron's program looks for. */
export function helperOf(program: string): string {
  return join(dirname(program), 'chrome-sandbox')
}

/** Looks at this machine. Elsewhere than on Linux nothing stands in the sandbox's way. */
export function readSandboxFacts(helper: string): SandboxFacts {
  if (process.platform !== 'linux') {
    return { setuidHelper: false, appArmorRule: false, userNamespaces: true }
  }
  return {
    setuidHelper: isSetuidRoot(helper),
    appArmorRule: textOf('/proc/sys/kernel/apparmor_restrict_unprivileged_userns').trim() === '1',
    userNamespaces: canMakeUserNamespace(),
  }
}

function isSetuidRoot(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false })
  return found !== undefined && found.uid === 0 && (found.mode & 0o4000) !== 0
}

/** Without util-linux nobody can say; then Chromium may try. */
function canMakeUserNamespace(): boolean {
  const tried = spawnSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore' })
  return tried.error !== undefined || tried.status === 0
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
