import type { Process } from '../machine/clock.ts'
import type { Device } from '../machine/device.ts'

/** What a scheme is asked to load. */
export type LoadShape = {
  readonly bytes: number
  readonly gatherBytes: number
  readonly readers: number
  /** The buffer's memory comes in huge pages of 2 MiB where it is shared memory. */
  readonly hugePages: boolean
}

/** A scheme as a process: it ends when the buffer is ready. */
export type SchemeProcess = (device: Device, load: LoadShape) => Process

export const callerLane = 'caller'
export const allocatorLane = 'allocator'

/** Lanes are roles: in a serial load one thread plays all of them, one after the other. */
const laneOfPhase = {
  open: callerLane,
  map: callerLane,
  alloc: allocatorLane,
  create: allocatorLane,
  read: 'reader-0',
  copy: 'reader-0',
} as const

export function readerLane(reader: number): string {
  return `reader-${reader}`
}

/** A phase over the whole file, in the lane that plays it. */
export function wholePhase(
  device: Device,
  phase: keyof typeof laneOfPhase,
  bytes: number,
  part: Process,
): Process {
  return device.span({ lane: laneOfPhase[phase], phase, bytes, gather: null }, part)
}

/** The file and the buffer's device, opened by the caller. */
export function open(device: Device, ns: number): Process {
  return wholePhase(device, 'open', 0, cpu(device, ns))
}

export function* cpu(device: Device, ns: number): Process {
  yield device.cores.work(ns)
}
