import { z } from 'zod'

/** Every kind of failure that crosses a boundary of the lab. A shell maps kinds to exit codes and colours. */
export const errorKinds = [
  'bad-input',
  'bad-plan',
  'bad-file',
  'bad-profile',
  'no-space',
  'no-memory',
  'target-unavailable',
  'target-lost',
  'unsupported',
  'agent-protocol',
  'agent-failed',
  'engine-crashed',
  'store-newer',
  'store-corrupt',
  'store-read-only',
  'store-full',
  'store-failed',
  'not-found',
  'busy',
  'forbidden',
  'cancelled',
  'internal',
] as const
export const errorKindSchema = z.enum(errorKinds)
export type ErrorKind = z.infer<typeof errorKindSchema>

/** What went wrong (`message`) and what to do next (`hint`); errors travel between processes as this value. */
export const labErrorSchema = z.strictObject({
  kind: errorKindSchema,
  message: z.string().min(1),
  hint: z.string(),
})
export type LabError = z.infer<typeof labErrorSchema>

/** The throwable form of a {@link LabError}, for use inside one process. */
export class LabFailure extends Error {
  readonly kind: ErrorKind
  readonly hint: string

  constructor(error: LabError, options?: ErrorOptions) {
    super(error.message, options)
    this.name = 'LabFailure'
    this.kind = error.kind
    this.hint = error.hint
  }

  toError(): LabError {
    return { kind: this.kind, message: this.message, hint: this.hint }
  }
}

export function fail(kind: ErrorKind, message: string, hint: string, cause?: unknown): never {
  throw new LabFailure({ kind, message, hint }, cause === undefined ? undefined : { cause })
}

/** What any thrown value says. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** What an operating system refuses for want of something, and what a person can do. */
const systemFailures: ReadonlyMap<string, readonly [kind: ErrorKind, hint: string]> = new Map([
  [
    'EMFILE',
    [
      'no-memory',
      'Too many files are open in this process. Raise the limit (ulimit -n), or close what holds them.',
    ],
  ],
  [
    'ENFILE',
    ['no-memory', 'Too many files are open on this machine. End what holds them, or raise fs.file-max.'],
  ],
  ['ENOMEM', ['no-memory', 'Free some memory and try again.']],
  [
    'EAGAIN',
    ['no-memory', 'No process can be started. Look at the limits on processes (ulimit -u, pids.max).'],
  ],
  ['ENOSPC', ['no-space', 'Free space on the disk and try again.']],
  ['EDQUOT', ['no-space', 'Free space in your quota and try again.']],
  ['EROFS', ['forbidden', 'The file system is read-only. Name another folder.']],
  ['EACCES', ['forbidden', 'Give this user the permission, or name another file or folder.']],
  ['EPERM', ['forbidden', 'Give this user the permission, or name another file or folder.']],
  ['EIO', ['bad-file', 'The storage failed. Look at the kernel log.']],
])

/** The name of the errno that a thrown value carries, as Node has it in `code` or only in its words; or null. */
export function errnoOf(thrown: unknown): string | null {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  return /^E[A-Z0-9]{2,}$/.test(code) ? code : (/\bE[A-Z0-9]{3,}\b/.exec(reasonOf(thrown))?.[0] ?? null)
}

/** What to do about an errno that is the machine's and not the lab's; null where the lab does not know. */
export function errnoHint(errno: string | null): string | null {
  return systemFailures.get(errno ?? '')?.[1] ?? null
}

/** Any thrown value as a {@link LabError}; what nobody foresaw becomes `internal`. */
export function toLabError(thrown: unknown): LabError {
  if (thrown instanceof LabFailure) return thrown.toError()
  if (thrown instanceof z.ZodError) return inputError(thrown)
  const message = reasonOf(thrown) || 'unknown failure'
  const hasErrno = thrown instanceof Error && 'errno' in thrown && 'code' in thrown
  const [kind, hint] = systemFailures.get(hasErrno ? String(thrown.code) : '') ?? ['internal', null]
  if (hint !== null) return { kind, message, hint }
  const whose = hasErrno
    ? 'The operating system refused this.'
    : 'This is a fault of the lab. Please report it.'
  return { kind, message, hint: whose }
}

/** A failed parse as a `bad-input` error that names each offending path. */
export function inputError(error: z.ZodError): LabError {
  const lines = error.issues.map(issue => {
    const path = issue.path.map(String).join('.')
    return path === '' ? issue.message : `${path}: ${issue.message}`
  })
  return {
    kind: 'bad-input',
    message: lines.join('; ') || 'invalid input',
    hint: 'Correct the named value and try again.',
  }
}

/** A result that crosses a process boundary: errors are values there, never exceptions. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: LabError }

export async function outcomeOf<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (thrown) {
    return { ok: false, error: toLabError(thrown) }
  }
}

export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new LabFailure(outcome.error)
}
