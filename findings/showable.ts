import type { Capabilities } from '../contract/target.ts'

/** What a machine can show of loading into dma-bufs, in a sentence or two, and what would add more. */
export function showableText({ environment, schemes, simulated }: Capabilities): string {
  if (simulated) return 'A simulated device shows every scheme, without a figure that was measured.'
  const can = (...ids: readonly string[]) =>
    ids.every(id => schemes.some(({ scheme, can }) => can && scheme === id))
  if (can('read-async-direct')) {
    return 'This machine has the in-kernel read of the refused series: an ioctl allocates and reads at once, beside the same work one after the other.'
  }
  if (can('udmabuf-gather-direct')) {
    return 'This machine makes dma-bufs of shared memory (udmabuf): its pages are allocated gather by gather while readers follow.'
  }
  const missing = environment.heaps.length === 0 ? 'No dma-heap and no udmabuf here.' : 'No udmabuf here.'
  return `${missing} Plain shared memory shows the same effect: its pages are allocated gather by gather while readers follow.`
}
