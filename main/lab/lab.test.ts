import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { outcomeOf } from '../../contract/error.ts'
import { cannotMount, runOnSmallFileSystem } from '../../db/fixtures/smallFileSystem.ts'
import {
  longPlan,
  openScriptedLab,
  runEnded,
  type Script,
  shortPlan,
  whenRun,
} from './fixtures/scriptedLab.ts'

let folder: string
let closeLab: () => Promise<void>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-'))
  closeLab = async () => {}
})

afterEach(async () => {
  await closeLab()
  rmSync(folder, { recursive: true })
})

function open(script: Script) {
  const opened = openScriptedLab(folder, script)
  closeLab = opened.close
  return opened
}

describe('a run', () => {
  test('is stored before anybody hears of it, sample by sample', async () => {
    const { lab, store } = open('measure')
    const seen: unknown[] = []
    lab.on('sampleStored', ({ summary, sample, spans }) => {
      seen.push([store.runs.getRun(summary.id).samples.at(-1)?.id, store.runs.getSpans(sample.id).length])
      expect(seen.at(-1)).toEqual([sample.id, spans.length])
    })
    const { runId } = await lab.handlers.runs.start(shortPlan)
    const { summary, error } = await runEnded(lab, runId)
    expect(error).toBeNull()
    const title = 'test machine'
    expect(summary).toMatchObject({ status: 'finished', title, samplesPlanned: 4, samplesDone: 4 })
    expect(seen).toHaveLength(4)
  })

  test('refuses a second one on the same target, naming the first, and not on another', async () => {
    const { lab } = open('measure')
    const { runId } = await lab.handlers.runs.start(longPlan)
    expect(() => lab.handlers.runs.start(shortPlan)).toThrow(`run ${runId} is measuring on local`)
    await expect(
      Promise.resolve(lab.handlers.targets.ceiling({ target: 'local', directory: null })),
    ).rejects.toMatchObject({ kind: 'busy' })
    const other = await lab.handlers.runs.start({ ...shortPlan, target: 'adb:phone' })
    expect((await runEnded(lab, other.runId)).summary.status).toBe('finished')
  })

  test('refuses one on a target that another shell measures on', async () => {
    const { lab } = open('measure')
    const { runId } = await lab.handlers.runs.start(longPlan)
    const other = openScriptedLab(folder, 'measure')
    expect(() => other.lab.handlers.runs.start(shortPlan)).toThrow(
      `run ${runId} of another shell is measuring`,
    )
    await other.close()
    expect(lab.handlers.runs.list({})).toMatchObject([{ id: runId, status: 'running' }])
  })

  test('marks the sample under way with what happened to the machine, and not the next', async () => {
    const { lab, store } = open('measure')
    const { runId } = await lab.handlers.runs.start(shortPlan)
    let stored = 0
    lab.on('sampleStored', () => {
      stored += 1
      if (stored === 1) lab.disturb('machine slept')
    })
    await runEnded(lab, runId)
    const marks = store.runs.getRun(runId).samples.map(sample => sample.marks.includes('machine slept'))
    expect(marks).toEqual([false, true, false, false])
  })

  test('is followed by nothing once the lab ends: what waited starts no other engine process', async () => {
    const { lab, close, enginesStarted } = open('slow')
    const site = { target: 'local', directory: null } as const
    const probes = [1, 2].map(() => outcomeOf(async () => lab.handlers.targets.probe(site)))
    const watched = await outcomeOf(async () => lab.handlers.targets.list({}))
    expect(watched).toMatchObject({ ok: true })
    await close()
    closeLab = async () => {}
    expect(await Promise.all(probes)).toMatchObject([
      { ok: false, error: { kind: 'engine-crashed' } },
      { ok: false, error: { message: 'the lab has ended' } },
    ])
    for (const late of [() => lab.handlers.targets.list({}), () => lab.handlers.targets.probe(site)]) {
      expect(await outcomeOf(async () => late())).toMatchObject({
        ok: false,
        error: { message: 'the lab has ended' },
      })
    }
    // Of the list of targets, and of the probe under way.
    expect(enginesStarted()).toBe(2)
  })

  test('answers a probe of its target with what it found itself', async () => {
    const { lab, store } = open('measure')
    const { runId } = await lab.handlers.runs.start(longPlan)
    const probed = await lab.handlers.targets.probe({ target: 'local', directory: null })
    expect(probed).toEqual(store.runs.getRun(runId).run.capabilities)
    expect(store.runs.getSummary(runId).status).toBe('running')
  })

  test('waits for a probe that is under way', async () => {
    const { lab } = open('slow')
    const probe = lab.handlers.targets.probe({ target: 'local', directory: null })
    const { runId } = await lab.handlers.runs.start(shortPlan)
    expect((await runEnded(lab, runId)).summary.status).toBe('finished')
    expect(await probe).toMatchObject({ title: 'scripted' })
  })

  test('cannot be deleted while it is under way', async () => {
    const { lab } = open('measure')
    const { runId } = await lab.handlers.runs.start(longPlan)
    await expect(Promise.resolve(lab.handlers.runs.delete({ runId }))).rejects.toThrow(
      `run ${runId} is running`,
    )
  })
})

describe('an engine process that goes wrong', () => {
  test.each([
    ['die', 'was killed by SIGKILL'],
    ['throw', 'ended with code 1: Error: the heap is gone'],
    ['nonsense', 'sent a message outside the contract'],
  ] as const)(
    '%s: the run is interrupted, says why, keeps its samples and resumes',
    async (script, reason) => {
      const { lab, store } = open(script)
      const { runId } = await lab.handlers.runs.start(shortPlan)
      const { summary, error } = await runEnded(lab, runId)
      expect(summary).toMatchObject({ status: 'interrupted', samplesDone: 2 })
      expect(summary.reason).toContain(reason)
      expect(error?.kind).toBe('engine-crashed')

      await lab.handlers.runs.resume({ runId })
      await runEnded(lab, runId)
      const { samples } = store.runs.getRun(runId)
      expect(samples.map(({ scheme, repeat }) => `${scheme} ${repeat}`)).toEqual([
        'memfd-direct 0',
        'memfd-gather-direct 0',
        'memfd-direct 1',
        'memfd-gather-direct 1',
      ])
    },
  )

  test('a run is not resumed where it would be another experiment, and says what differs', async () => {
    const { lab, store } = open('moved')
    const { runId } = await lab.handlers.runs.start(shortPlan)
    await runEnded(lab, runId)
    const before = store.runs.getRun(runId)
    await lab.handlers.runs.resume({ runId })
    const { summary, error } = await runEnded(lab, runId)
    const difference = 'kernel was 6.18.0-test and is 5.10.101-android12'
    expect(error).toMatchObject({ kind: 'bad-input', message: expect.stringContaining(difference) })
    expect(summary).toMatchObject({ status: 'interrupted', samplesDone: 2 })
    expect(summary.reason).toContain(difference)
    const { run, samples } = store.runs.getRun(runId)
    expect([run.capabilities, samples]).toEqual([before.run.capabilities, before.samples])
  })

  test('a probe fails with the reason, and the next one has a new process', async () => {
    const { lab } = open('die')
    const probe = async () => lab.handlers.targets.probe({ target: 'local', directory: null })
    await expect(probe()).rejects.toMatchObject({ kind: 'engine-crashed' })
    await expect(probe()).rejects.toMatchObject({ kind: 'engine-crashed' })
  })
})

test('thirty unknown targets do not start thirty engines, and the next question is answered', async () => {
  const { lab } = open('slow')
  const place = (number: number) => ({ target: `adb:unknown-${number}`, directory: null })
  const asked = Array.from({ length: 30 }, (_, number) =>
    outcomeOf(() => lab.handlers.targets.probe(place(number))),
  )
  const kinds = (await Promise.all(asked)).map(outcome => (outcome.ok ? 'ok' : outcome.error.kind))
  expect(kinds.filter(kind => kind === 'ok')).toHaveLength(8)
  expect(kinds.filter(kind => kind === 'busy')).toHaveLength(22)
  expect(await lab.handlers.targets.probe(place(30))).toMatchObject({ title: 'scripted' })
})

test('questions that wait for one engine have an end', async () => {
  const { lab } = open('slow')
  const place = { target: 'local', directory: null }
  const asked = Array.from({ length: 70 }, () => outcomeOf(() => lab.handlers.targets.probe(place)))
  const last = await Promise.race(asked.slice(-6))
  expect(last).toMatchObject({ ok: false, error: { kind: 'busy' } })
  await closeLab()
  closeLab = async () => {}
})

describe('cancel', () => {
  test.each(['measure', 'deaf'] as const)('answers with an engine that is %s', async script => {
    const { lab } = open(script)
    const started = whenRun(lab, run => run.samplesPlanned > 0)
    const { runId } = await lab.handlers.runs.start(longPlan)
    await started
    await lab.handlers.runs.cancel({ runId })
    expect((await lab.handlers.runs.get({ runId })).run).toMatchObject({ status: 'cancelled' })
  })

  test('of a run that waits for its turn never starts it', async () => {
    const { lab } = open('slow')
    const probe = Promise.resolve(lab.handlers.targets.probe({ target: 'local', directory: null }))
    probe.catch(() => {})
    const { runId } = await lab.handlers.runs.start(shortPlan)
    await lab.handlers.runs.cancel({ runId })
    expect((await lab.handlers.runs.get({ runId })).run).toMatchObject({
      status: 'cancelled',
      samplesPlanned: 4,
      samplesDone: 0,
    })
  })

  test('of a run that is over, or of none, is refused', async () => {
    const { lab } = open('measure')
    const { runId } = await lab.handlers.runs.start(shortPlan)
    await runEnded(lab, runId)
    await expect(async () => lab.handlers.runs.cancel({ runId })).rejects.toMatchObject({ kind: 'bad-input' })
    await expect(async () => lab.handlers.runs.cancel({ runId: 99 })).rejects.toMatchObject({
      kind: 'not-found',
    })
  })
})

test('closing the lab interrupts what runs, and keeps it', async () => {
  const { lab, close } = openScriptedLab(folder, 'measure')
  const measured = whenRun(lab, run => run.samplesDone >= 3)
  const { runId } = await lab.handlers.runs.start(longPlan)
  await measured
  await close()
  const { store } = open('measure')
  const { run, samples } = store.runs.getRun(runId)
  expect(run).toMatchObject({ status: 'interrupted', reason: 'the lab was closed during the run' })
  expect(samples.length).toBeGreaterThanOrEqual(3)
})

test('targets are listed and told when they change', async () => {
  const { lab } = open('measure')
  const told: unknown[] = []
  lab.on('targetsChanged', targets => told.push(targets))
  const listed = await lab.handlers.targets.list({})
  expect(listed).toMatchObject([{ id: 'local', state: 'ready' }])
  expect(told).toEqual([listed])
})

test.skipIf(cannotMount !== null)('a full disk stops the run; what was told is kept', () => {
  const script = '../../main/lab/fixtures/runOnFullDisk.ts'
  const mount = { folder, bytes: 4 * 1024 * 1024, prepare: 'true' }
  const ended = z
    .object({ status: z.string(), kind: z.string(), heard: z.array(z.number()), kept: z.array(z.number()) })
    .parse(runOnSmallFileSystem(script, folder, mount))
  expect(ended).toMatchObject({ status: 'interrupted', kind: 'store-full' })
  expect(ended.kept.length).toBeGreaterThan(0)
  expect(ended.kept).toEqual(ended.heard)
})
