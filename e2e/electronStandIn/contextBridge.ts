/**
 * Copies values between two worlds of a page as shell/renderer/api/electron_api_context_bridge.cc does: primitives as
 * they are, plain objects and arrays part by part, functions and promises as proxies, errors by their message, anything
 * else by structured clone; nothing deeper than 1000. It runs in the page, once in each world, and is written out into
 * it, so it uses nothing from outside of itself. The worlds reach each other by events of a name that only they know:
 * they share the window's events, and a CustomEvent's detail is cloned between them.
 */
export type Bridge = {
  readonly pack: (value: unknown, receiver?: unknown) => unknown
  readonly expose: (key: string, value: unknown) => void
}

export function joinWorlds(world: 'isolated' | 'main', secret: string): Bridge {
  type Message = Record<string, unknown>
  const other = world === 'isolated' ? 'main' : 'isolated'
  const inbox = `${secret}-${world}`
  const outbox = `${secret}-${other}`
  const own = new Map<number, { readonly call: CallableFunction; readonly receiver: unknown }>()
  const idOf = new WeakMap<object, number>()
  const proxies = new Map<number, CallableFunction>()
  const originalOf = new WeakMap<object, number>()
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (reason: unknown) => void }>()
  let lastId = 0
  let answer: Message | null = null
  const takeAnswer = (): Message | null => {
    const taken = answer
    answer = null
    return taken
  }
  const deepest = 1000
  const tooDeep =
    'Electron contextBridge recursion depth exceeded.  Nested objects deeper than 1000 are not supported.'

  const isMessage = (value: unknown): value is Message => typeof value === 'object' && value !== null
  const post = (message: Message) => window.dispatchEvent(new CustomEvent(outbox, { detail: message }))

  const isPlain = (value: object) => {
    const prototype: unknown = Object.getPrototypeOf(value)
    const tag = Object.prototype.toString.call(value)
    return prototype === null || tag === '[object Object]'
  }

  const packFunction = (value: CallableFunction, receiver: unknown): Message => {
    // One that came over the bridge goes back as itself.
    const original = originalOf.get(value)
    if (original !== undefined) return { tag: 'yours', id: original }
    const id = idOf.get(value) ?? ++lastId
    idOf.set(value, id)
    own.set(id, { call: value, receiver })
    return { tag: 'function', id }
  }

  const packPromise = (value: Promise<unknown>): Message => {
    const id = ++lastId
    const settle = (ok: boolean) => (result: unknown) => {
      try {
        post({ op: 'settle', id, ok, value: pack(result) })
      } catch (thrown) {
        post({ op: 'settle', id, ok: false, value: pack(thrown) })
      }
    }
    value.then(settle(true), settle(false))
    return { tag: 'promise', id }
  }

  function pack(value: unknown, receiver: unknown = undefined, depth = 0): unknown {
    if (depth >= deepest) throw new TypeError(tooDeep)
    if (typeof value === 'function') return packFunction(value, receiver)
    if (typeof value === 'symbol') return { tag: 'clone', value: undefined }
    if (typeof value !== 'object' || value === null) return { tag: 'clone', value }
    if (value instanceof Promise) return packPromise(value)
    if (value instanceof Error) return { tag: 'error', message: String(value.message) }
    if (Array.isArray(value)) {
      return { tag: 'array', parts: value.map(part => pack(part, value, depth + 1)) }
    }
    if (value instanceof Node || value instanceof Blob) {
      throw new TypeError('the stand-in passes no element and no blob between worlds')
    }
    if (!isPlain(value)) return { tag: 'clone', value: structuredClone(value) }
    const parts = Object.entries(value).map(([name, part]) => [name, pack(part, value, depth + 1)])
    return { tag: 'object', parts }
  }

  const proxyOf = (id: number): CallableFunction => {
    const known = proxies.get(id)
    if (known !== undefined) return known
    const proxy = (...args: unknown[]) => {
      const packed = args.map(arg => pack(arg))
      post({ op: 'call', id, args: packed })
      // The other world answers before its listener returns.
      const got = takeAnswer()
      if (got === null) throw new Error('the other world is gone')
      if (got.ok !== true) throw new Error(String(got.message))
      return unpack(got.value)
    }
    proxies.set(id, proxy)
    originalOf.set(proxy, id)
    return proxy
  }

  function unpack(packed: unknown): unknown {
    if (!isMessage(packed)) return undefined
    const { tag, id, parts, value, message } = packed
    if (tag === 'clone') return value
    if (tag === 'error') return new Error(String(message))
    if (tag === 'yours') return own.get(Number(id))?.call
    if (tag === 'function') return proxyOf(Number(id))
    if (tag === 'promise') {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      pending.set(Number(id), { resolve, reject })
      return promise
    }
    const list: unknown[] = Array.isArray(parts) ? parts : []
    if (tag === 'array') return list.map(unpack)
    const copy: Record<string, unknown> = {}
    for (const pair of list) {
      if (!Array.isArray(pair)) continue
      // CreateDataProperty: `__proto__` becomes a property like any other.
      const descriptor = { value: unpack(pair[1]), writable: true, enumerable: true, configurable: true }
      Object.defineProperty(copy, String(pair[0]), descriptor)
    }
    return copy
  }

  const serveCall = ({ id, args }: Message): Message => {
    const known = own.get(Number(id))
    if (known === undefined) return { ok: false, message: 'the function is gone' }
    try {
      const list: unknown[] = Array.isArray(args) ? args : []
      return { ok: true, value: pack(Reflect.apply(known.call, known.receiver, list.map(unpack))) }
    } catch (thrown) {
      const unknown =
        'An unknown exception occurred in the isolated context, an error occurred but a valid exception was not thrown.'
      return { ok: false, message: thrown instanceof Error ? thrown.message : unknown }
    }
  }

  const freeze = (value: unknown): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return
    if (Object.isFrozen(value)) return
    Object.freeze(value)
    for (const part of Object.values(value)) freeze(part)
  }

  const hear = (message: Message): void => {
    if (message.op === 'call') {
      const outcome = serveCall(message)
      post({ op: 'answer', outcome })
    } else if (message.op === 'answer') {
      answer = isMessage(message.outcome) ? message.outcome : null
    } else if (message.op === 'settle') {
      const waiting = pending.get(Number(message.id))
      pending.delete(Number(message.id))
      const value = unpack(message.value)
      if (message.ok === true) waiting?.resolve(value)
      else waiting?.reject(value)
    } else if (message.op === 'expose') {
      const key = String(message.key)
      const taken = key in window
      if (!taken) {
        const value = unpack(message.value)
        freeze(value)
        Object.defineProperty(window, key, { value, writable: false, configurable: false, enumerable: true })
      }
      post({ op: 'answer', outcome: { ok: !taken } })
    }
  }
  window.addEventListener(inbox, event => {
    if (event instanceof CustomEvent && isMessage(event.detail)) hear(event.detail)
  })

  return {
    pack,
    expose: (key, value) => {
      const packed = pack(value)
      post({ op: 'expose', key, value: packed })
      const got = takeAnswer()
      if (got === null || got.ok !== true) {
        throw new Error('Cannot bind an API on top of an existing property on the window object')
      }
    },
  }
}
