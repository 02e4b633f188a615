import type { Mark } from '../../contract/sample.ts'

/** What of Electron's powerMonitor is used. */
export type PowerMonitor = {
  on(event: 'suspend' | 'resume' | 'on-ac' | 'on-battery', listener: () => void): unknown
  on(event: 'thermal-state-change', listener: (details: { state: string }) => void): unknown
  on(event: 'speed-limit-change', listener: (details: { limit: number }) => void): unknown
}

/** Tells what happens to the machine beside a load: it makes a sample another than its neighbours. */
export function watchPower(monitor: PowerMonitor, onMark: (mark: Mark) => void): void {
  const tell = (what: string, mark: Mark) => {
    console.info(`the machine: ${what}`)
    onMark(mark)
  }
  monitor.on('suspend', () => tell('suspend', 'machine slept'))
  monitor.on('resume', () => tell('resume', 'machine slept'))
  monitor.on('on-ac', () => tell('mains', 'power changed'))
  monitor.on('on-battery', () => tell('battery', 'power changed'))
  monitor.on('thermal-state-change', ({ state }) => tell(`thermal state ${state}`, 'power changed'))
  monitor.on('speed-limit-change', ({ limit }) => tell(`speed limit ${limit} %`, 'power changed'))
}
