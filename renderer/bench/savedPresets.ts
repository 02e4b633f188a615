import { z } from 'zod'
import { createStore, useStore } from '../base/store.ts'
import { type PlanDraft, planDraftSchema } from './planDraft.ts'

const savedPresetSchema = z.strictObject({ name: z.string().min(1).max(60), draft: planDraftSchema })
type SavedPreset = z.infer<typeof savedPresetSchema>

const storageKey = 'presets'

/** Those that an older lab left in another shape are left out. */
function stored(): SavedPreset[] {
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(storageKey) ?? '[]')
    return z
      .array(z.unknown())
      .parse(kept)
      .flatMap(one => savedPresetSchema.safeParse(one).data ?? [])
  } catch {
    return []
  }
}

const presetStore = createStore<readonly SavedPreset[]>(stored())
presetStore.subscribe(() => window.localStorage.setItem(storageKey, JSON.stringify(presetStore.get())))

export const useSavedPresets = () => useStore(presetStore, presets => presets)

/** Keeps the draft under a name; an older preset of that name gives way. `false`: it is no name. */
export function savePreset(name: string, draft: PlanDraft): boolean {
  const preset = savedPresetSchema.safeParse({ name: name.trim(), draft })
  if (!preset.success) return false
  const { data } = preset
  presetStore.set(presets => [...presets.filter(other => other.name !== data.name), data])
  return true
}

/** Returns the way to have it back. */
export function removePreset(name: string): () => void {
  const before = presetStore.get()
  presetStore.set(presets => presets.filter(other => other.name !== name))
  return () => presetStore.set(() => before)
}
