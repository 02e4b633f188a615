import { fail } from '../../contract/error.ts'
import { type SchemeId, schemeOf } from '../../contract/schemes.ts'
import { formatSize } from '../../contract/size.ts'

/** So many loads that fail alike, one after the other, are no accident. */
const most = 3

type Place = { readonly scheme: SchemeId; readonly bytes: number }
type Streak = { readonly reason: string; readonly count: number }

/** Two failures that differ in a number alone, such as an offset, are alike. */
function kindOf(reason: string): string {
  return reason.replace(/\d+/g, '#')
}

function lengthened(before: Streak | undefined, reason: string): Streak {
  const isAlike = before !== undefined && kindOf(before.reason) === kindOf(reason)
  return { reason, count: isAlike ? before.count + 1 : 1 }
}

/**
 * Counts loads that fail alike in a row: of all, which stops the run once each kind of buffer was tried, and of one
 * scheme at one size, which gives up that place. A sick device costs a few loads that way, and not a night; a limit that
 * binds one kind of buffer, as a control group's on memory does, does not keep the others from being measured.
 */
export class EqualFailures {
  #last: Streak | undefined
  /** Of the loads in the last streak. */
  readonly #buffers = new Set<string>()
  readonly #atPlace = new Map<string, Streak & Place>()

  add(place: Place, reason: string): void {
    this.#last = lengthened(this.#last, reason)
    if (this.#last.count === 1) this.#buffers.clear()
    this.#buffers.add(schemeOf(place.scheme).buffer)
    this.#atPlace.set(keyOf(place), { ...place, ...lengthened(this.#atPlace.get(keyOf(place)), reason) })
  }

  /** A load that did not fail. */
  clear(place: Place): void {
    this.#last = undefined
    this.#atPlace.delete(keyOf(place))
  }

  isGivenUp(place: Place): boolean {
    return (this.#atPlace.get(keyOf(place))?.count ?? 0) >= most
  }

  /** Whether the last loads all failed alike, and one of them filled the same kind of buffer. */
  isPutOff({ scheme }: Place): boolean {
    return (this.#last?.count ?? 0) >= most && this.#buffers.has(schemeOf(scheme).buffer)
  }

  /** @throws LabFailure `agent-failed`: the last loads have all failed alike, and nothing else is left. */
  stop(): never {
    fail(
      'agent-failed',
      `${this.#last?.count} loads in a row failed alike: ${this.#last?.reason}`,
      resumeHint,
    )
  }

  /** @throws LabFailure `agent-failed` where a place with more to measure was given up. */
  checkGivenUp(left: readonly Place[]): void {
    const keys = new Set(left.map(keyOf))
    const given = [...this.#atPlace.values()].filter(place => place.count >= most && keys.has(keyOf(place)))
    if (given.length === 0) return
    const each = given.map(({ scheme, bytes, reason }) => `${scheme} at ${formatSize(bytes)} (${reason})`)
    fail('agent-failed', `given up after failing ${most} times alike: ${each.join('; ')}`, resumeHint)
  }
}

const resumeHint =
  'All that was measured is kept. See to the cause, then resume the run: failed loads are measured again.'

function keyOf({ scheme, bytes }: Place): string {
  return `${scheme}/${bytes}`
}
