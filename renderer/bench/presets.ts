import { presetSizesBytes, seriesGatherBytes } from '../../contract/plan.ts'
import { type SchemeId, schemeIds, schemeOf, tellingSchemes } from '../../contract/schemes.ts'
import { formatSize, MiB } from '../../contract/size.ts'
import type { PlanDraft } from './planDraft.ts'

export const presets = ['quick', 'published table', 'gather sweep'] as const
export type Preset = (typeof presets)[number]

const quickSizesBytes = [8 * MiB, 64 * MiB, 256 * MiB]
const gathersOfLargest = 8

/** The draft with a preset's schemes, sizes, gathers and repeats; targets and the rest stay. */
export function withPreset(draft: PlanDraft, preset: Preset, runnable: readonly SchemeId[]): PlanDraft {
  switch (preset) {
    case 'quick':
      return quick(draft, runnable)
    case 'published table':
      return publishedTable(draft, runnable)
    case 'gather sweep':
      return gatherSweep(draft, runnable)
  }
}

const sweptBytes = 256 * MiB
/** The first is what the others are compared with: an eighth of the file, as a plan without a gather has. */
const sweptGathers = [32, 4, 8, 16, 64, 128].map(count => count * MiB)

/** One load with gathers at one size, with every gather in each round. */
function gatherSweep(draft: PlanDraft, runnable: readonly SchemeId[]): PlanDraft {
  const scheme = tellingSchemes.find(id => schemeOf(id).overlap === 'gather' && runnable.includes(id))
  return {
    ...withSizes(draft, [sweptBytes]),
    schemes: scheme === undefined ? [] : [scheme],
    gather: '',
    tries: sweptGathers.map(formatSize).join(', '),
    repeats: '10',
    warmups: '1',
  }
}

/** A file of the user's own, whole, by the pair that shows most; its path is asked for. */
export function ownFile(draft: PlanDraft, runnable: readonly SchemeId[]): PlanDraft {
  return {
    ...draft,
    source: 'own',
    sizesBytes: [],
    schemes: quickSchemes(runnable),
    gather: '',
    tries: '',
    repeats: '10',
    warmups: '1',
  }
}

/** An overlapped load and its twin at three sizes: what there is to see, in less than half a minute. */
function quick(draft: PlanDraft, runnable: readonly SchemeId[]): PlanDraft {
  return {
    ...withSizes(draft, quickSizesBytes),
    schemes: quickSchemes(runnable),
    gather: formatSize(Math.max(...quickSizesBytes) / gathersOfLargest),
    tries: '',
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
    tries: '',
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
