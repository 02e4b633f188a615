import { type Family, type SchemeId, schemeIds, schemeOf } from '../../contract/schemes.ts'
import type { Capabilities } from '../../contract/target.ts'

/** What of a probed target decides about schemes. */
type Known = Pick<Capabilities, 'title' | 'schemes'>

/** One scheme in the picker: can it run on the chosen targets, and why not. */
export type SchemeChoice = {
  readonly scheme: SchemeId
  readonly how: string
  readonly publishedAs: string | null
  /** It can run on at least one of the targets, or none of them has been probed yet. */
  readonly can: boolean
  /** One line per reason; with several targets each names its own. */
  readonly reasons: readonly string[]
}

export type FamilyChoices = {
  readonly choices: readonly SchemeChoice[]
  /** The reason that all of the family share, said once. */
  readonly sharedReason: string | null
}

export function familyChoices(family: Family, known: readonly Known[]): FamilyChoices {
  const choices = schemeIds
    .filter(id => schemeOf(id).family === family)
    .map(scheme => choiceOf(scheme, known))
  const first = choices[0]?.reasons.join('. ') ?? ''
  const shared = first !== '' && choices.every(({ reasons }) => reasons.join('. ') === first)
  return { choices, sharedReason: shared ? first : null }
}

function choiceOf(scheme: SchemeId, known: readonly Known[]): SchemeChoice {
  const { how, publishedAs } = schemeOf(scheme)
  const answers = known.map(capabilities => ({
    title: capabilities.title,
    why: whyNotThere(capabilities, scheme),
  }))
  const reasons = answers.flatMap(({ title, why }) => {
    if (why === null) return []
    return [known.length === 1 ? why : `not on ${title}: ${why}`]
  })
  const can = answers.length === 0 || answers.some(({ why }) => why === null)
  return { scheme, how, publishedAs, can, reasons }
}

/** The schemes of a draft that can run on one target. An unknown target is given all: its probe will tell. */
export function runnable(schemes: readonly SchemeId[], capabilities: Known | null): SchemeId[] {
  return schemes.filter(scheme => capabilities === null || whyNotThere(capabilities, scheme) === null)
}

function whyNotThere({ schemes }: Known, scheme: SchemeId): string | null {
  const status = schemes.find(candidate => candidate.scheme === scheme)
  return status === undefined || status.can ? null : status.why
}
