import { type RequirementId, type SchemeId, schemeIds, schemeOf } from '../contract/schemes.ts'
import { type Capabilities, targetKind, whyNot } from '../contract/target.ts'

/** What a person can do so that more schemes can run. */
export type Remedy = {
  readonly text: string
  readonly command: string
  /** Those that lack nothing else then. */
  readonly adds: readonly SchemeId[]
}

type Offer = { readonly text: string; readonly command: string; readonly meets: readonly RequirementId[] }

const ofThisMachine: readonly Offer[] = [
  {
    text: 'As root, load the udmabuf driver of this kernel, then probe again',
    command: 'modprobe udmabuf',
    meets: ['udmabuf'],
  },
  {
    text: 'Boot the virtual device: it has dma-heaps and the kernel module, and appears in this list by itself',
    command: 'npm run device -- start --module',
    meets: ['udmabuf', 'dma-heap', 'heap-cpu-access', 'dmabuf-sendfile', 'alloc-and-read', 'wrapfd'],
  },
]

/** What would let more schemes run on this machine, the nearest first; nothing for other devices. */
export function remediesOf(capabilities: Capabilities): Remedy[] {
  if (targetKind(capabilities.target) !== 'local') return []
  const { requirements } = capabilities
  const lacking = schemeIds
    .filter(scheme => whyNot(capabilities, scheme) !== null)
    .map(scheme => ({ scheme, unmet: schemeOf(scheme).needs.filter(need => !requirements[need].met) }))
  return ofThisMachine.flatMap(({ meets, ...offer }) => {
    const adds = lacking
      .filter(({ unmet }) => unmet.length > 0 && unmet.every(need => meets.includes(need)))
      .map(({ scheme }) => scheme)
    return adds.length === 0 ? [] : [{ ...offer, adds }]
  })
}
