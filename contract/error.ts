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

/** Any thrown value as a {@link LabError}; what nobody foresaw becomes `internal`. */
export function toLabError(thrown: unknown): LabError {
  if (thrown instanceof LabFailure) return thrown.toError()
  if (thrown instanceof z.ZodError) return inputError(thrown)
  return {
    kind: 'internal',
    message: reasonOf(thrown) || 'unknown failure',
    hint: 'This is a fault of the lab. Please report it.',
  }
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
