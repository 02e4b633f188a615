import { defaultGatherBytes, type Setting } from '../../contract/plan.ts'
import { type SchemeId, schemeOf } from '../../contract/schemes.ts'
import { MiB } from '../../contract/size.ts'
import type { Capabilities } from '../../contract/target.ts'

/** What to try of each; what is left out is tried as the target has it. */
export type TriedLists = {
  readonly gathers?: readonly number[]
  readonly readers?: readonly number[]
  readonly populators?: readonly number[]
  readonly pages?: readonly TriedPages[]
}

export type TriedPages = Pick<Setting, 'hugePages' | 'hugePageSize'>

/** Shares of the file that are tried as gathers, besides the default. */
const gatherShares = [64, 16, 4, 2] as const

/**
 * Every combination of the lists. The first is what a plain run uses: the default gather, one reader, one populating
 * thread, ordinary pages. A heap's memory is the kernel's to populate and to choose pages for, and the simulation has one
 * populating thread.
 */
export function triedSettings(
  { environment, simulated }: Capabilities,
  scheme: SchemeId,
  bytes: number,
  lists: TriedLists,
): Setting[] {
  const ownMemory = schemeOf(scheme).buffer !== 'dma-heap'
  const threads = environment.cpuCount > 1 ? [1, 2] : [1]
  const { gathers = defaultGathers(bytes), readers = threads } = lists
  const populators = ownMemory && !simulated ? (lists.populators ?? threads) : [null]
  const ordinary: TriedPages = { hugePages: false }
  const pages = ownMemory ? (lists.pages ?? pagesOf(environment.hugePages, simulated)) : [ordinary]
  return gathers.flatMap(gatherBytes =>
    readers.flatMap(readers =>
      populators.flatMap(populators => pages.map(pages => ({ gatherBytes, readers, populators, ...pages }))),
    ),
  )
}

/** `hugePages`: what the target's kernel says of them; `null` where it has none. */
function pagesOf(hugePages: string | null, simulated: boolean): TriedPages[] {
  const ordinary = { hugePages: false }
  return hugePages === null && !simulated ? [ordinary] : [ordinary, { hugePages: true }]
}

function defaultGathers(bytes: number): number[] {
  const shares = gatherShares.map(share => Math.floor(bytes / share / MiB) * MiB).filter(share => share > 0)
  return [...new Set([defaultGatherBytes(bytes), ...shares])]
}
