import type { ParameterValues } from '../../../contract/profile.ts'
import { Clock, type Process } from './clock.ts'
import { Memory } from './heap.ts'
import { SpanRecorder, type SpanWork } from './spanRecorder.ts'
import { Storage, storageSpeed } from './storage.ts'

/** A device during one load: its clock, its resources and what they cost. */
export class Device {
  readonly costs: ParameterValues
  readonly clock = new Clock()
  readonly storage: Storage
  readonly memory: Memory
  readonly recorder: SpanRecorder

  constructor(costs: ParameterValues, pressureBytes: number, mostSpans: number) {
    this.costs = costs
    this.storage = new Storage(this.clock, storageSpeed(costs))
    this.memory = new Memory(costs, pressureBytes)
    this.recorder = new SpanRecorder(this.clock, mostSpans)
  }

  /** When a thread that works for `ns` from now on is done. */
  work(ns: number): number {
    return this.clock.nowNs + Math.round(ns)
  }

  /** One span around a part of a process. */
  *span(work: SpanWork, part: Process): Process {
    const end = this.recorder.begin(work)
    yield part
    end()
  }

  /**
   * When a process goes on that has sent off a read and sleeps until the storage has it at `doneAtNs`: the sleep number
   * `sleep` of its load, from 0. The first few but one are late: a calibration factor, most likely cores and the storage
   * link that still fall into deep idle. What was read ahead is not slept for. Sleeps have numbers by their place in
   * the file: counted as they happen, a storage that is seldom waited for could come out slower.
   */
  storageWait(doneAtNs: number, sleep: number): number {
    const late = sleep > 0 && sleep < this.costs.earlyWaits ? Math.round(this.costs.earlyWaitNs) : 0
    return doneAtNs + late
  }
}
