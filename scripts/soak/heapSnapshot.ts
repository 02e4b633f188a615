import type { CDPSession } from '@playwright/test'
import { z } from 'zod'

/** Bytes of a page's heap by whose they are. */
export type HeapShares = {
  /** What scripts made and still reach. */
  readonly objectBytes: number
  /** What V8 compiled and learned of it, which it does late, and forgets where memory is short. */
  readonly codeBytes: number
  /** The browser's own: style, layout, lists of slow frames. Elements are counted by {@link readElements}. */
  readonly browserBytes: number
}

/** Of V8's heap snapshots: the fields of a node stand one after the other (v8/src/profiler/heap-snapshot-generator.cc). */
const snapshotSchema = z.object({
  snapshot: z.object({
    meta: z.object({
      node_fields: z.array(z.string()),
      node_types: z.tuple([z.array(z.string())], z.unknown()),
    }),
  }),
  nodes: z.array(z.number()),
})

const scriptKinds = ['object', 'closure', 'array', 'string', 'concatenated string', 'sliced string', 'number']
const moreScriptKinds = ['regexp', 'symbol', 'bigint', 'object shape']
const ofScripts = new Set([...scriptKinds, ...moreScriptKinds])

/** @throws ZodError for a text that is no snapshot. */
export function sharesOf(text: string): HeapShares {
  const { snapshot, nodes } = snapshotSchema.parse(JSON.parse(text))
  const { node_fields: fields, node_types: types } = snapshot.meta
  const [kindAt, sizeAt] = [fields.indexOf('type'), fields.indexOf('self_size')]
  const shares = { objectBytes: 0, codeBytes: 0, browserBytes: 0 }
  for (let node = 0; node < nodes.length; node += fields.length) {
    const kind = types[0][nodes[node + kindAt] ?? 0] ?? ''
    const bytes = nodes[node + sizeAt] ?? 0
    if (ofScripts.has(kind)) shares.objectBytes += bytes
    else if (kind === 'code') shares.codeBytes += bytes
    else shares.browserBytes += bytes
  }
  return shares
}

export async function readShares(page: CDPSession): Promise<HeapShares> {
  const chunks: string[] = []
  const take = ({ chunk }: { chunk: string }) => void chunks.push(chunk)
  page.on('HeapProfiler.addHeapSnapshotChunk', take)
  await page.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  page.off('HeapProfiler.addHeapSnapshotChunk', take)
  return sharesOf(chunks.join(''))
}

/** Elements, texts and other nodes of documents that something still reaches, in the document or not. */
export async function readElements(page: CDPSession): Promise<number> {
  await page.send('Performance.enable')
  const { metrics } = await page.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'Nodes')?.value ?? Number.NaN
}
