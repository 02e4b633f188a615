import { z } from 'zod'

/** What V8 has after a collection, all threads of a process together. */
export const heldSchema = z.strictObject({
  /** What is reachable. */
  heapBytes: z.number(),
  /** What it keeps for that, and for what comes: it grows with the work and not with what is kept. */
  reservedBytes: z.number(),
})
export type Held = z.infer<typeof heldSchema>

/** Names the folder where each process leaves that, in a file called by its pid; and `<pid>.ready` once it listens. */
export const heldFolderVariable = 'DMABUF_LAB_SOAK_HELD'
