/**
 * Each thread of a load has a core of its own while there are enough. Where there are not, it is the allocator that
 * waits: a reader that has something to send off comes first. It then takes as long as the cores need for its own work
 * and the readers' together. A share of this kind, and not a queue for the cores, because in a queue less work can end
 * later (R. L. Graham, Bounds on Multiprocessing Timing Anomalies, 1969): whoever comes sooner takes a core from
 * somebody whom the others wait for.
 *
 * @returns ns that `ownNs` of work, done by `own` of the threads, takes beside the others that want `othersNs` meanwhile.
 */
export function besideOthersNs(
  { cores, threads, own = 1 }: { readonly cores: number; readonly threads: number; readonly own?: number },
  ownNs: number,
  othersNs: number,
): number {
  const aloneNs = ownNs / own
  return threads <= cores ? aloneNs : Math.max(aloneNs, (ownNs + othersNs) / cores)
}
