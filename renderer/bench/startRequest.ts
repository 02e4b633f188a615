import { createStore } from '../base/store.ts'

/** Whether Start was asked for by key or menu, and is not answered yet: the Bench view does, once it is in sight. */
export const startRequest = createStore(false)

export function requestStart(): void {
  startRequest.set(() => true)
}

/** Whether a request waited. It is answered by who takes it. */
export function takeStartRequest(): boolean {
  const asked = startRequest.get()
  startRequest.set(() => false)
  return asked
}
