/**
 * The generated content of docs/agent-protocol.md, written down a second time to check the agent's C against.
 */
const wordMask = (1n << 64n) - 1n
const golden = 0x9e3779b97f4a7c15n

function splitmix64(value: bigint): bigint {
  let x = (value + golden) & wordMask
  x = ((x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n) & wordMask
  x = ((x ^ (x >> 27n)) * 0x94d049bb133111ebn) & wordMask
  return x ^ (x >> 31n)
}

export function referenceByte(seed: bigint, offset: number): number {
  const word = splitmix64((seed * golden + BigInt(Math.floor(offset / 8))) & wordMask)
  return Number((word >> BigInt((offset % 8) * 8)) & 0xffn)
}
