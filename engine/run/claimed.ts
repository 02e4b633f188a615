import { setTimeout as delay } from 'node:timers/promises'
import { LabFailure } from '../../contract/error.ts'
import type { Claim, Target } from '../targets/target.ts'

/** How another lab that measures there is waited for. */
type Wait = { readonly patienceMs: number; readonly tell: (what: string) => void }

/** A short run of it is waited for, a longer one is told. */
export const shortRunMs = 20_000
const lookEveryMs = 500

/**
 * Does `work` while the target's machine is kept for this lab: two that measure at once measure each other, whatever
 * history each of them keeps.
 * @throws LabFailure `busy` where another lab still measures on it after `wait.patienceMs`.
 */
export async function claimed<T>(
  target: Target,
  wait: Wait,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const claim = await takeClaim(target, wait, signal)
  try {
    return await work()
  } finally {
    await claim.release()
  }
}

async function takeClaim(target: Target, wait: Wait, signal: AbortSignal): Promise<Claim> {
  const deadline = performance.now() + wait.patienceMs
  let told = ''
  for (;;) {
    try {
      return await target.claim(signal)
    } catch (thrown) {
      const isBusy = thrown instanceof LabFailure && thrown.kind === 'busy'
      if (!isBusy || performance.now() > deadline) throw thrown
      if (told !== thrown.message) wait.tell(`Waiting: ${thrown.message}.`)
      told = thrown.message
      await delay(lookEveryMs, undefined, { signal })
    }
  }
}
