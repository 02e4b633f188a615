import annotated from '../../locks/examples/annotated-upper-layer.json'
import unannotated from '../../locks/examples/unannotated-upper-layer.json'
import waiting from '../../locks/examples/wait-under-lock.json'
import { createStore, useStore } from '../base/store.ts'

/** The two call sequences of the mail, and the deadlock that the annotation is there to find. */
export const examples: readonly { readonly title: string; readonly text: string }[] = [
  unannotated,
  annotated,
  waiting,
].map(scenario => ({ title: scenario.title, text: JSON.stringify(scenario, null, 2) }))

/** As it is written, for as long as the page is open. */
const scenarioText = createStore<string>(examples[0]?.text ?? '')

export const useScenarioText = () => useStore(scenarioText, text => text)

export function setScenarioText(text: string): void {
  scenarioText.set(() => text)
}
