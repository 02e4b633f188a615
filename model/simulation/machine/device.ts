import type { ParameterValues } from '../../../contract/profile.ts'
import { Clock, type Process } from './clock.ts'
import { Cores } from './cores.ts'
import { Memory } from './heap.ts'
import { ScatteredPages } from './scatteredPages.ts'
import { SpanRecorder, type SpanWork } from './spanRecorder.ts'
import { Storage, storageSpeed } from './storage.ts'

/** A device during one load: its clock, its resources and what they cost. */
export class Device {
  readonly costs: ParameterValues
  readonly clock = new Clock()
  readonly cores: Cores
  readonly storage: Storage
  readonly memory: Memory
  readonly scattered: ScatteredPages
  readonly recorder: SpanRecorder
  #storageWaits = 0

  constructor(costs: ParameterValues, pressureBytes: number, mostSpans: number) {
    this.costs = costs
    this.cores = new Cores(this.clock, costs.cores)
    this.storage = new Storage(this.clock, storageSpeed(costs))
    this.memory = new Memory(costs, pressureBytes)
    this.scattered = new ScatteredPages(costs.scatteredFreeBytes)
    this.recorder = new SpanRecorder(this.clock, mostSpans)
  }

  /** One span around a part of a process. */
  *span(work: SpanWork, part: Process): Process {
    const end = this.recorder.begin(work)
    yield part
    end()
  }

  /**
   * When a process goes on that needs what the storage has at `doneAtNs`. The first sleeps of a load but one cost
   * more: a calibration factor, most likely cores and the storage link that still fall into deep idle.
   */
  storageWait(doneAtNs: number): number {
    if (doneAtNs <= this.clock.nowNs) return this.clock.nowNs
    const wait = this.#storageWaits++
    const late = wait > 0 && wait < this.costs.earlyWaits ? Math.round(this.costs.earlyWaitNs) : 0
    return doneAtNs + late
  }
}
