import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { powerChanges, readPowerState, watchLinuxPower } from './linuxPower.ts'

let sysfs: string

beforeEach(() => {
  sysfs = mkdtempSync(join(tmpdir(), 'dmabuf-lab-sysfs-'))
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(sysfs, { recursive: true })
})

/** Files as a laptop's kernel has them. */
function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(sysfs, name)), { recursive: true })
    writeFileSync(join(sysfs, name), `${text}\n`)
  }
}

const laptop = {
  'class/power_supply/AC/type': 'Mains',
  'class/power_supply/AC/online': '1',
  'class/power_supply/BAT0/type': 'Battery',
  'class/power_supply/BAT0/status': 'Full',
  'class/power_supply/BAT0/capacity': '100',
  'class/power_supply/mouse/status': 'Discharging',
  'class/power_supply/mouse/scope': 'Device',
  'class/thermal/cooling_device0/type': 'Processor',
  'class/thermal/cooling_device0/cur_state': '0',
  'class/thermal/cooling_device1/type': 'Fan',
  'class/thermal/cooling_device1/cur_state': '3',
  'class/thermal/thermal_zone0/type': 'x86_pkg_temp',
  'devices/system/cpu/cpu0/thermal_throttle/core_throttle_count': '0',
  'devices/system/cpu/cpu1/thermal_throttle/core_throttle_count': '0',
}

test('a laptop tells its mains, its battery and what its processors are held back by, and no mouse and no fan', () => {
  write(laptop)
  expect(Object.fromEntries(readPowerState(sysfs))).toEqual({
    AC: 'on',
    BAT0: 'Full',
    'Processor (cooling_device0)': 'state 0',
  })
})

test('a machine without any of it, and one whose drivers cannot say, tell nothing', () => {
  expect(readPowerState(sysfs).size).toBe(0)
  mkdirSync(join(sysfs, 'class', 'power_supply', 'BAT0'), { recursive: true })
  expect(readPowerState(sysfs).size).toBe(0)
})

test('a pulled plug and a hot processor are told once each, and a battery that empties is none', () => {
  vi.useFakeTimers()
  write(laptop)
  const told: string[] = []
  const stop = watchLinuxPower(change => told.push(change), sysfs)
  vi.advanceTimersByTime(2000)
  expect(told).toEqual([])
  write({
    'class/power_supply/AC/online': '0',
    'class/power_supply/BAT0/status': 'Discharging',
    'class/power_supply/BAT0/capacity': '99',
  })
  vi.advanceTimersByTime(4000)
  write({ 'class/power_supply/BAT0/capacity': '98', 'class/thermal/cooling_device0/cur_state': '2' })
  write({ 'devices/system/cpu/cpu1/thermal_throttle/core_throttle_count': '7' })
  vi.advanceTimersByTime(4000)
  expect(told).toEqual([
    'AC: on, now off',
    'BAT0: Full, now Discharging',
    'Processor (cooling_device0): state 0, now state 2',
    'processors held back for heat: none, now 7 times',
  ])
  stop()
  write({ 'class/power_supply/AC/online': '1' })
  vi.advanceTimersByTime(60_000)
  expect(told).toHaveLength(4)
})

test('a supply that goes is a change, too', () => {
  expect(powerChanges(new Map([['AC', 'on']]), new Map())).toEqual(['AC: on, now none'])
})
