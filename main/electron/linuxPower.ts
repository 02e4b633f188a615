import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What Electron tells on macOS and Windows alone, read from Linux' sysfs: mains or battery
 * (Documentation/ABI/testing/sysfs-class-power), what holds the processors back for heat (sysfs-class-thermal), and how
 * often the processors held themselves back (x86's thermal_throttle). Each by its name; what is not there is left out.
 */
export type PowerState = ReadonlyMap<string, string>

export function readPowerState(sysfs = '/sys'): PowerState {
  return new Map([...supplies(sysfs), ...coolers(sysfs), ...throttles(sysfs)])
}

function supplies(sysfs: string): [string, string][] {
  const folder = join(sysfs, 'class', 'power_supply')
  return namesIn(folder).flatMap((name): [string, string][] => {
    const online = textOf(join(folder, name, 'online'))
    // A battery that fills or empties, and not how full it is: that moves all the time.
    const status = textOf(join(folder, name, 'status'))
    if (textOf(join(folder, name, 'scope')) === 'Device') return []
    if (online !== '') return [[name, online === '0' ? 'off' : 'on']]
    return status === '' ? [] : [[name, status]]
  })
}

function coolers(sysfs: string): [string, string][] {
  const folder = join(sysfs, 'class', 'thermal')
  return namesIn(folder).flatMap((name): [string, string][] => {
    const type = textOf(join(folder, name, 'type'))
    // Fans turn without slowing anything down.
    if (!name.startsWith('cooling_device') || !/cpu|processor/i.test(type)) return []
    const state = textOf(join(folder, name, 'cur_state'))
    return state === '' ? [] : [[`${type} (${name})`, `state ${state}`]]
  })
}

function throttles(sysfs: string): [string, string][] {
  const folder = join(sysfs, 'devices', 'system', 'cpu')
  const counts = namesIn(folder)
    .filter(name => /^cpu\d+$/.test(name))
    .map(name => Number(textOf(join(folder, name, 'thermal_throttle', 'core_throttle_count'))))
  const sum = counts.reduce((total, count) => total + count, 0)
  return sum === 0 ? [] : [['processors held back for heat', `${sum} times`]]
}

/** What is another way than before, in words; a supply that came or went as well. */
export function powerChanges(before: PowerState, now: PowerState): string[] {
  const names = [...new Set([...before.keys(), ...now.keys()])]
  return names
    .filter(name => before.get(name) !== now.get(name))
    .map(name => `${name}: ${before.get(name) ?? 'none'}, now ${now.get(name) ?? 'none'}`)
}

/** A few short files; seldom enough to be no load of its own. */
const lookMs = 2000

/** Looks while something is measured, and tells each change. Returns what ends it. */
export function watchLinuxPower(onChange: (change: string) => void, sysfs?: string): () => void {
  let last = readPowerState(sysfs)
  const timer = setInterval(() => {
    const now = readPowerState(sysfs)
    for (const change of powerChanges(last, now)) onChange(change)
    last = now
  }, lookMs)
  timer.unref()
  return () => clearInterval(timer)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch {
    return []
  }
}

/** Empty where it is not there, or its driver cannot say. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
