import { z } from 'zod'

/** What the stand-in asks whoever started it: how a person answers a dialog. */
export const questionSchema = z.object({
  type: z.literal('question'),
  id: z.number(),
  dialog: z.enum(['save', 'open', 'message', 'error']),
  options: z.record(z.string(), z.unknown()),
})
export type Question = z.infer<typeof questionSchema>

/** What it tells: the page of a window can be reached. */
export const windowSchema = z.object({
  type: z.literal('window'),
  endpoint: z.string(),
  targetId: z.string(),
})

export const replySchema = z.object({ type: z.literal('reply'), id: z.number(), value: z.unknown() })
export const saidSchema = z.discriminatedUnion('type', [questionSchema, windowSchema, replySchema])

/** What whoever started it tells the stand-in: an answer, a look at what the shell did, or something that happens. */
export const orderSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answer'), id: z.number(), value: z.unknown() }),
  z.object({ type: z.literal('look'), id: z.number() }),
  z.object({ type: z.literal('menu'), id: z.number(), path: z.array(z.string()) }),
  z.object({ type: z.literal('power'), event: z.string() }),
  z.object({ type: z.literal('window'), event: z.enum(['close', 'unresponsive', 'responsive', 'blur']) }),
  z.object({ type: z.literal('quit') }),
])
export type Order = z.infer<typeof orderSchema>

/** What the shell asked of the platform, which no page shows. */
export const deedsSchema = z.object({
  progress: z.number(),
  awake: z.number(),
  notifications: z.array(z.string()),
  shownInFolder: z.array(z.string()),
  clipboard: z.string(),
  recentDocuments: z.array(z.string()),
  themeSource: z.string(),
  sandboxed: z.boolean(),
  visible: z.boolean(),
  focused: z.boolean(),
  protocolClients: z.array(z.string()),
  crashReporter: z.unknown(),
  menu: z.array(z.string()),
  zoomLevel: z.number(),
})
export type Deeds = z.infer<typeof deedsSchema>

/** The channel to whoever started the stand-in; without one, a person is never there to answer. */
export class Control {
  readonly #answers = new Map<number, (value: unknown) => void>()
  #lastId = 0

  constructor(onOrder: (order: Order) => void) {
    process.on('message', message => {
      const order = orderSchema.safeParse(message)
      if (!order.success) return
      if (order.data.type === 'answer') this.#answers.get(order.data.id)?.(order.data.value)
      else onOrder(order.data)
    })
    // The channel alone must not keep the application alive, nor end it.
    process.channel?.unref()
  }

  tell(message: object): void {
    process.send?.(message, undefined, undefined, () => {})
  }

  ask(dialog: Question['dialog'], options: object, signal?: AbortSignal): Promise<unknown> {
    const id = ++this.#lastId
    const { promise, resolve } = Promise.withResolvers<unknown>()
    this.#answers.set(id, resolve)
    signal?.addEventListener('abort', () => resolve(undefined))
    this.tell({ type: 'question', id, dialog, options: JSON.parse(JSON.stringify(options)) })
    return promise
  }
}
