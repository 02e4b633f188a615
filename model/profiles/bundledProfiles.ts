import type { Profile } from '../../contract/profile.ts'
import { parseProfile } from './profileFile.ts'
import phone2024 from './ufs4-phone-2024.json' with { type: 'json' }
import phone2024Uncalibrated from './ufs4-phone-2024-uncalibrated.json' with { type: 'json' }
import phone2025 from './ufs4-phone-2025-1ghz.json' with { type: 'json' }
import restrictedHeap from './ufs4-phone-restricted-heap.json' with { type: 'json' }

const contents: ReadonlyMap<string, unknown> = new Map(
  [phone2024, phone2024Uncalibrated, phone2025, restrictedHeap].map(content => [content.name, content]),
)

/** The profiles that come with the lab, in the order in which they are offered. */
export const bundledProfileNames: readonly string[] = [...contents.keys()]

export function isBundled(name: string): boolean {
  return contents.has(name)
}

/** @throws RangeError for a name that is not among {@link bundledProfileNames}. */
export function bundledProfile(name: string): Profile {
  if (!contents.has(name)) throw new RangeError(`no profile ${name} comes with the lab`)
  return parseProfile(contents.get(name), `${name}.json`, bundledProfile)
}
