import { setTimeout as delay } from 'node:timers/promises'
import type { Environment } from '../../contract/target.ts'

const lookEveryMs = 1000

/** The hottest thermal zone in thousandths of a degree Celsius; `null` where none is told. */
function hottestMilliCelsius({ thermalZones }: Environment): number | null {
  if (thermalZones.length === 0) return null
  return Math.max(...thermalZones.map(zone => zone.milliCelsius))
}

export type Cooling = {
  readonly belowMilliCelsius: number
  readonly look: () => Promise<Environment>
  readonly onWait: (milliCelsius: number) => void
}

/** Waits until every thermal zone is below the limit; a target without zones is never waited for. */
export async function waitUntilCool(cooling: Cooling, signal: AbortSignal): Promise<void> {
  for (;;) {
    const hottest = hottestMilliCelsius(await cooling.look())
    if (hottest === null || hottest < cooling.belowMilliCelsius) return
    cooling.onWait(hottest)
    await delay(lookEveryMs, undefined, { signal })
  }
}
