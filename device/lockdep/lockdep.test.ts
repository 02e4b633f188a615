import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lockdepRules } from '../../locks/fixtures/lockdepRules.ts'
import { annotations, lockdepOf } from '../../locks/lockdep.ts'
import { checkBalance } from '../../locks/paths.ts'
import { parseScenario } from '../../locks/scenario.ts'
import { findProgram } from '../virtual/findProgram.ts'
import { ownDevice } from '../virtual/testing/testDevice.ts'
import { whyNoVirtualDevice } from '../virtual/whyNoVirtualDevice.ts'
import { type LockdepDevice, openLockdep } from './lockdepDevice.ts'
import { isSame, type PlayedScenario, playedText, playScenario } from './playedScenarios.ts'
import { anyScenario } from './testing/anyScenario.ts'

const examples = join(import.meta.dirname, '../../locks/examples')
const bootTimeoutMs = 60 * 60_000
const timeoutMs = 30 * 60_000
const scenarios = 20

// It builds a kernel first.
const asked = process.env.DMABUF_LAB_DEBUG_KERNEL === '1' ? null : 'set DMABUF_LAB_DEBUG_KERNEL=1'
const noCompiler = findProgram('gcc') && findProgram('make') ? null : 'needs gcc and make'
const reason = whyNoVirtualDevice() ?? noCompiler ?? asked
const skipped = reason === null ? '' : ` (skipped: ${reason})`

describe.skipIf(reason !== null)(`what the kernel's lockdep says${skipped}`, () => {
  const device = ownDevice({ name: `lockdep-test-${process.pid}`, flavour: 'debug', memoryMiB: 1024 })
  let lockdep: LockdepDevice

  beforeAll(async () => {
    lockdep = await openLockdep(await device.start())
  }, bootTimeoutMs)
  afterAll(() => device.end())

  test(
    'of the examples is what was predicted, under either annotation and its own',
    async () => {
      const own = await lockdep.ownAnnotation()
      expect(own).toBe('read')
      const played: PlayedScenario[] = []
      for (const name of readdirSync(examples)) {
        const file = join(examples, name)
        const scenario = parseScenario(readFileSync(file, 'utf8'), file)
        for await (const each of playScenario(lockdep, own, { file, scenario })) played.push(each)
      }
      expect(played.filter(({ same }) => !same).map(playedText)).toEqual([])
      expect(played.filter(({ reported }) => reported !== null)).toHaveLength(5)
    },
    timeoutMs,
  )

  test(
    'of its finer rules is what was predicted',
    async () => {
      for (const { scenario, reports } of lockdepRules) {
        const reported = await lockdep.play(scenario, 'read')
        expect(reported !== null, scenario.title).toBe(reports)
        expect(isSame(lockdepOf(scenario, 'read').report, reported), scenario.title).toBe(true)
      }
    },
    timeoutMs,
  )

  test(
    `of ${scenarios} scenarios that nobody made up is what was predicted`,
    async () => {
      const seen = { reports: 0, silences: 0 }
      for (const scenario of fc.sample(anyScenario, { numRuns: scenarios, seed: 2023 })) {
        checkBalance(scenario)
        for (const annotation of annotations) {
          const predicted = lockdepOf(scenario, annotation).report
          const reported = await lockdep.play(scenario, annotation)
          expect({
            scenario,
            annotation,
            predicted,
            reported,
            same: isSame(predicted, reported),
          }).toMatchObject({
            same: true,
          })
          seen[reported === null ? 'silences' : 'reports'] += 1
        }
      }
      expect(Math.min(seen.reports, seen.silences)).toBeGreaterThan(scenarios / 5)
    },
    timeoutMs,
  )
})
