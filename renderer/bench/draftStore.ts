import { createStore, useStore } from '../base/store.ts'
import { firstDraft, type PlanDraft, planDraftSchema } from './planDraft.ts'

const storageKey = 'plan'

/** The draft of the last visit; one that an older lab left in another shape is not used. */
function storedDraft(): PlanDraft {
  try {
    const parsed = planDraftSchema.safeParse(JSON.parse(window.localStorage.getItem(storageKey) ?? 'null'))
    return parsed.success ? parsed.data : firstDraft
  } catch {
    return firstDraft
  }
}

const draftStore = createStore<PlanDraft>(storedDraft())
draftStore.subscribe(() => window.localStorage.setItem(storageKey, JSON.stringify(draftStore.get())))

export const useDraft = () => useStore(draftStore, draft => draft)

export function changeDraft(change: (draft: PlanDraft) => PlanDraft): void {
  draftStore.set(change)
}

export function setDraft(differences: Partial<PlanDraft>): void {
  draftStore.set(draft => ({ ...draft, ...differences }))
}
