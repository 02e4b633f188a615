import { presetSizesBytes, seriesGatherBytes } from '../../contract/plan.ts'
import { type SchemeId, schemeIds, schemeOf, tellingSchemes } from '../../contract/schemes.ts'
import { formatSize, MiB } from '../../contract/size.ts'
import type { PlanDraft } from './planDraft.ts'

export const presets = ['quick', 'published table'] as const
export type Preset = (typeof presets)[number]

const quickSizesBytes = [8 * MiB, 64 * MiB, 256 * MiB]
const gathersOfLargest = 8

/** The draft with a preset's schemes, sizes, gathers and repeats; targets and the rest stay. */
export function withPreset(draft: PlanDraft, preset: Preset, runnable: readonly SchemeId[]): PlanDraft {
  return preset === 'quick' ? quick(draft, runnable) : publishedTable(draft, runnable)
}

/** An overlapped load and its twin at three sizes: what there is to see, in less than half a minute. */
function quick(draft: PlanDraft, runnable: readonly SchemeId[]): PlanDraft {
  return {
    ...withSizes(draft, quickSizesBytes),
    schemes: quickSchemes(runnable),
    gather: formatSize(Math.max(...quickSizesBytes) / gathersOfLargest),
    repeats: '5',
    warmups: '1',
  }
}

/** The first pair that can run whole: those that make a dma-buf come before plain shared memory, which any Linux has. */
export function quickSchemes(runnable: readonly SchemeId[]): SchemeId[] {
  const pairs = tellingSchemes.map(scheme => [schemeOf(scheme).twin, scheme].filter(one => one !== null))
  return pairs.find(pair => pair.every(scheme => runnable.includes(scheme))) ?? [...runnable.slice(0, 2)]
}

/** Everything that can run, at the sizes and with the gather of the mailing lists. */
function publishedTable(draft: PlanDraft, runnable: readonly SchemeId[]): PlanDraft {
  return {
    ...withSizes(draft, presetSizesBytes),
    schemes: schemeIds.filter(scheme => runnable.includes(scheme)),
    gather: formatSize(seriesGatherBytes),
    repeats: '10',
    warmups: '1',
  }
}

function withSizes(draft: PlanDraft, sizesBytes: readonly number[]): PlanDraft {
  const offered = new Set([...draft.offeredBytes, ...sizesBytes])
  return {
    ...draft,
    source: 'generated',
    sizesBytes: [...sizesBytes],
    offeredBytes: [...offered].sort((a, b) => a - b),
  }
}
