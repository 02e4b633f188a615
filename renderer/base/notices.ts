import type { LabError, Outcome } from '../../contract/error.ts'
import { createStore } from './store.ts'

/** Something that a person may do about the news. */
export type NoticeAction = { readonly title: string; readonly run: () => void }

export type Notice = {
  readonly id: number
  readonly tone: 'info' | 'bad'
  readonly message: string
  readonly hint: string
  readonly action: NoticeAction | null
}

export const noticeStore = createStore<readonly Notice[]>([])
const infoStaysMs = 8000
let lastId = 0

function show(news: Omit<Notice, 'id'>): number {
  lastId += 1
  const notice = { id: lastId, ...news }
  const { tone, message } = news
  // News gives way to newer news; a failure only to itself.
  const stays = (other: Notice) => other.message !== message && (tone === 'bad' || other.tone === 'bad')
  noticeStore.set(notices => [...notices.filter(stays), notice])
  return notice.id
}

/** A failure stays until it is dismissed. */
export function tellError(error: LabError, action: NoticeAction | null = null): void {
  show({ tone: 'bad', message: error.message, hint: error.hint, action })
}

/** News goes away by itself. */
export function tell(message: string, hint = '', action: NoticeAction | null = null): void {
  const id = show({ tone: 'info', message, hint, action })
  window.setTimeout(() => dismiss(id), infoStaysMs)
}

export function dismiss(id: number): void {
  noticeStore.set(notices => notices.filter(notice => notice.id !== id))
}

/** News that a person may take back, for as long as that can be done. */
export function tellUndoable(message: string, undo: () => void, staysMs: number): void {
  const run = () => {
    dismiss(id)
    undo()
  }
  const id = show({ tone: 'info', message, hint: '', action: { title: 'Undo', run } })
  window.setTimeout(() => dismiss(id), staysMs)
}

/** The value of a call, or `null` after its error was shown. */
export async function valueOrTell<T>(answer: Promise<Outcome<T>>): Promise<T | null> {
  const outcome = await answer
  if (outcome.ok) return outcome.value
  tellError(outcome.error)
  return null
}
