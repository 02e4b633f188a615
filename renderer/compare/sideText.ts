import type { Side } from '../../contract/comparison.ts'
import { schemeIds } from '../../contract/schemes.ts'
import { idOf } from '../base/route.ts'

const deviceMark = 'device:'

/** A side as the address has it: `12`, `12:memfd-direct`, `device:adb:R5CT1`, `device:adb:R5CT1:memfd-direct`. */
export function sideText(side: Side): string {
  const what = 'runId' in side ? String(side.runId) : `${deviceMark}${side.device}`
  return side.scheme === null ? what : `${what}:${side.scheme}`
}

/** `null` for what names no side. */
export function parseSide(text: string): Side | null {
  const scheme = schemeIds.find(each => text.endsWith(`:${each}`)) ?? null
  const what = scheme === null ? text : text.slice(0, -scheme.length - 1)
  if (what.startsWith(deviceMark)) {
    const device = what.slice(deviceMark.length)
    return device === '' || device.length > 512 ? null : { device, scheme }
  }
  const runId = idOf(what)
  return runId === null ? null : { runId, scheme }
}

/** Each of them once. */
export function distinctSides(sides: readonly Side[]): Side[] {
  return [...new Map(sides.map(side => [sideText(side), side])).values()]
}
