import { z } from 'zod'

/** What JavaScript still reaches after a collection, all threads of a process together. */
export const heldSchema = z.strictObject({ heapBytes: z.number() })
export type Held = z.infer<typeof heldSchema>

/** Names the folder where each process leaves that, in a file called by its pid; and `<pid>.ready` once it listens. */
export const heldFolderVariable = 'DMABUF_LAB_SOAK_HELD'
