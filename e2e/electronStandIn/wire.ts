/**
 * Structured clone as text, for what goes between the shell and the isolated world. Both functions are written out into
 * the page, so they use nothing from outside of themselves. What cannot be cloned throws as Electron's IPC does: "An
 * object could not be cloned." (shell/common/v8_util.cc).
 */
export function encodeWire(value: unknown): string {
  const encode = (each: unknown): unknown => {
    if (each === undefined) return { $: 'undefined' }
    if (each === null || typeof each === 'boolean' || typeof each === 'string') return each
    if (typeof each === 'number') return Number.isFinite(each) ? each : { $: 'number', value: String(each) }
    if (typeof each === 'bigint') return { $: 'bigint', value: String(each) }
    if (typeof each !== 'object') throw new Error('An object could not be cloned.')
    if (Array.isArray(each)) return each.map(encode)
    if (each instanceof Date) return { $: 'date', value: each.getTime() }
    if (each instanceof Map) return { $: 'map', value: [...each].map(encode) }
    if (each instanceof Set) return { $: 'set', value: [...each].map(encode) }
    if (each instanceof Uint8Array) return { $: 'bytes', value: [...each] }
    if (each instanceof Error) return { $: 'error', value: each.message }
    if (each instanceof Promise) throw new Error('An object could not be cloned.')
    return { $: 'object', value: Object.entries(each).map(([name, part]) => [name, encode(part)]) }
  }
  return JSON.stringify(encode(value))
}

/** What {@link encodeWire} wrote. */
export function decodeWire(text: string): unknown {
  const isTagged = (each: object): each is { $: string; value?: unknown } => '$' in each
  const listOf = (each: unknown): unknown[] => (Array.isArray(each) ? each : [])
  const decode = (each: unknown): unknown => {
    if (typeof each !== 'object' || each === null) return each
    if (Array.isArray(each)) return each.map(decode)
    if (!isTagged(each)) throw new Error('not on the wire')
    const { $: tag, value } = each
    if (tag === 'undefined') return undefined
    if (tag === 'number') return Number(value)
    if (tag === 'bigint') return BigInt(String(value))
    if (tag === 'date') return new Date(Number(value))
    if (tag === 'error') return new Error(String(value))
    if (tag === 'bytes') return new Uint8Array(listOf(value).map(Number))
    if (tag === 'set') return new Set(listOf(value).map(decode))
    if (tag === 'map') {
      return new Map(listOf(value).map(pair => [decode(listOf(pair)[0]), decode(listOf(pair)[1])]))
    }
    return Object.fromEntries(listOf(value).map(pair => [String(listOf(pair)[0]), decode(listOf(pair)[1])]))
  }
  return decode(JSON.parse(text))
}
