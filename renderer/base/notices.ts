import type { LabError, Outcome } from '../../contract/error.ts'
import { createStore } from './store.ts'

export type Notice = {
  readonly id: number
  readonly tone: 'info' | 'bad'
  readonly message: string
  readonly hint: string
}

export const noticeStore = createStore<readonly Notice[]>([])
const infoStaysMs = 8000
let lastId = 0

function show(tone: Notice['tone'], message: string, hint: string): number {
  lastId += 1
  const notice = { id: lastId, tone, message, hint }
  // News gives way to newer news; a failure only to itself.
  const stays = (other: Notice) => other.message !== message && (tone === 'bad' || other.tone === 'bad')
  noticeStore.set(notices => [...notices.filter(stays), notice])
  return notice.id
}

/** A failure stays until it is dismissed. */
export function tellError(error: LabError): void {
  show('bad', error.message, error.hint)
}

/** News goes away by itself. */
export function tell(message: string, hint = ''): void {
  const id = show('info', message, hint)
  window.setTimeout(() => dismiss(id), infoStaysMs)
}

export function dismiss(id: number): void {
  noticeStore.set(notices => notices.filter(notice => notice.id !== id))
}

/** The value of a call, or `null` after its error was shown. */
export async function valueOrTell<T>(answer: Promise<Outcome<T>>): Promise<T | null> {
  const outcome = await answer
  if (outcome.ok) return outcome.value
  tellError(outcome.error)
  return null
}
