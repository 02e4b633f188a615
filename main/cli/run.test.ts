import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ledgerRowSchema } from '../../contract/ledger.ts'
import { exportedRunSchema, exportFormats } from '../../contract/run.ts'
import { sampleColumns } from '../../contract/sample.ts'
import { CommandProcess } from './fixtures/commandProcess.ts'
import { descendantsOf, type Ended, isAlive, noAgent, runLab, SpawnedLab } from './fixtures/spawnLab.ts'

const twoSchemes = ['--schemes', 'memfd-direct,memfd-gather-direct', '--no-ceiling']
const quick = ['run', ...twoSchemes, '--sizes', '1MiB', '--gather', '256KiB', '--repeats', '2']
const endless = ['run', ...twoSchemes, '--sizes', '1MiB', '--gather', '256KiB', '--repeats', '1000']

let home: string

async function history(run = (...words: string[]): Promise<Ended> => runLab(home, ...words)) {
  const { stdout } = await run('runs', '--json')
  return z.array(ledgerRowSchema).parse(JSON.parse(stdout))
}

/** Resolves when the run under way has stored so many samples: where lines stay, progress tells a tenth at a time. */
async function samplesStored(least: number): Promise<void> {
  const stored = () => {
    try {
      const db = new Database(join(home, 'lab.db'), { readonly: true, fileMustExist: true })
      try {
        return z.number().parse(db.prepare('SELECT count(*) FROM samples').pluck().get())
      } finally {
        db.close()
      }
    } catch {
      // Not made yet.
      return 0
    }
  }
  await expect.poll(stored, { interval: 20 }).toBeGreaterThanOrEqual(least)
}

describe.skipIf(noAgent !== null)('a measured run', () => {
  let commands: CommandProcess
  const run = (...words: string[]) => commands.run(...words)

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-cli-'))
    commands = new CommandProcess(home)
    const { code, stdout, stderr } = await runLab(home, ...quick, '--csv', 'out.csv', '--json')
    expect([code, stderr]).toEqual([0, expect.stringContaining('run 1 finished')])
    writeFileSync(join(home, 'out.json'), stdout)
  })

  afterAll(() => {
    commands.close()
    rmSync(home, { recursive: true })
  })

  test('prints nothing but JSON on stdout, inside the contract', () => {
    const { run, samples, spans } = exportedRunSchema.parse(
      JSON.parse(readFileSync(join(home, 'out.json'), 'utf8')),
    )
    expect(run).toMatchObject({ status: 'finished', samplesDone: 6 })
    expect(samples.map(sample => sample.status)).toEqual(Array(6).fill('ok'))
    expect(samples.every(sample => sample.verified && (sample.totalNs ?? 0) > 0)).toBe(true)
    expect(spans.some(span => span.lane === 'reader-0')).toBe(true)
  })

  test('writes one line of CSV per sample', () => {
    const lines = readFileSync(join(home, 'out.csv'), 'utf8').trim().split(/\r?\n/)
    expect(lines).toHaveLength(7)
    expect(lines[0]?.split(',')).toEqual(expect.arrayContaining([...sampleColumns]))
  })

  test('is listed and shown without colour where there is no terminal', async () => {
    const runs = await runLab(home, 'runs')
    expect(runs.stdout).toMatch(/1 .* finished .* local .* 6\/6/)
    const shown = await runLab(home, 'show', '1')
    expect(shown.stdout).toContain('memfd-gather-direct')
    expect(shown.stdout).toMatch(/kernel +\S/)
    expect(runs.stdout + shown.stdout).not.toContain('\u001b')
    expect(shown.stderr).toBe('')
  })

  test.each(exportFormats)('is exported as %s', async format => {
    const file = join(home, `run.${format}`)
    const { code, stdout } = await run('export', '1', '--format', format, '-o', file)
    expect([code, stdout]).toEqual([0, ''])
    expect(readFileSync(file, 'utf8')).toContain('memfd-gather-direct')
  })

  test('is deleted, and imported again as it was', async () => {
    expect((await run('delete', '1')).code).toBe(0)
    expect(await history(run)).toEqual([])
    const { code, stdout } = await run('import', 'out.json')
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^imported as run \d+\n$/)])
    const [imported] = await history(run)
    const again = await run('export', String(imported?.id), '--format', 'json')
    const before = exportedRunSchema.parse(JSON.parse(readFileSync(join(home, 'out.json'), 'utf8')))
    const after = exportedRunSchema.parse(JSON.parse(again.stdout))
    expect(after.spans).toEqual(before.spans)
    expect(after.samples.map(sample => ({ ...sample, id: 0 }))).toEqual(
      before.samples.map(sample => ({ ...sample, id: 0 })),
    )
  })

  test('says before the first sample what it is asked, and whether its repeats can decide', async () => {
    const { stderr } = await run(...quick)
    const lines = stderr.split('\n')
    expect(lines[0]).toBe('Question: Does memfd-gather-direct take less time than memfd-direct at 1 MiB?')
    expect(lines[1]).toMatch(/^2 repeats cannot decide it: an exact test needs 4 of each/)
  })

  test('is extended under its own number', async () => {
    const { id = 0 } = (await history(run))[0] ?? {}
    const { code, stdout } = await run('extend', String(id), '--repeats', '2')
    expect(code).toBe(0)
    expect(stdout).toMatch(/memfd-direct +4 /)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('for 2 looks, since repeats were added after the first')
    expect((await history(run))[0]).toMatchObject({ id, samplesDone: 10, status: 'finished' })
  })

  test('is compared with another', async () => {
    await run(...quick)
    const [second, first] = await history(run)
    const { code, stdout } = await run('compare', String(first?.id), String(second?.id))
    expect(code).toBe(0)
    expect(stdout).toMatch(/memfd-direct +1 MiB .* \(\S+ to \S+, \d+ %\)/)
  })
})

describe.skipIf(noAgent !== null)('a run that cannot start', () => {
  let commands: CommandProcess
  const run = (...words: string[]) => commands.run(...words)

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-cli-'))
    commands = new CommandProcess(home)
  })
  afterAll(() => {
    commands.close()
    rmSync(home, { recursive: true })
  })

  test.each([
    ['a missing file', ['--file', '/nowhere/at/all'], 2, '/nowhere/at/all'],
    ['a folder', ['--file', '/tmp'], 2, 'is a directory'],
    ['a device', ['--file', '/dev/null'], 2, '/dev/null'],
    ['more than the memory', ['--sizes', '1TiB'], 2, '1TiB (1099511627776 bytes)'],
    ['a device that is not there', ['--sizes', '1MiB', '--target', 'adb:none'], 3, 'none'],
  ])('%s', async (_what, args, exitCode, words) => {
    const { code, stdout, stderr } = await run('run', ...twoSchemes, ...args)
    expect(stderr).toContain(words)
    expect([code, stdout]).toEqual([exitCode, ''])
  })

  test.each([
    ['sim:nope', [], 2, 'there is no profile "nope"'],
    ['adb:none', [], 3, 'no device none is connected'],
    ['local', ['--cpus', '1000'], 2, 'a load cannot run on processors 1000'],
    ['sim:ufs4-phone-2024', ['--clock', '1000'], 2, 'no clock to cap'],
  ])('%s %j is not there, and becomes no run', async (target, args, exitCode, words) => {
    const before = await history(run)
    const plan = [...twoSchemes, '--sizes', '1MiB', '--target', target, ...args]
    const { code, stderr } = await run('run', ...plan)
    expect(stderr).toContain(words)
    expect(code).toBe(exitCode)
    expect(await history(run)).toEqual(before)
  })
})

describe.skipIf(noAgent !== null)('a run that is stopped', () => {
  let lab: SpawnedLab

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-cli-'))
    lab = new SpawnedLab(home, endless)
    await samplesStored(5)
  })

  afterEach(() => {
    lab.process.kill('SIGKILL')
    rmSync(home, { recursive: true })
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s keeps what it measured', async signal => {
    lab.process.kill(signal)
    const { code, stdout, stderr } = await lab.ended
    expect(code).toBe(130)
    expect(stderr).toContain('run 1 cancelled')
    expect(stdout).toContain('memfd-direct')
    const [run] = await history()
    expect(run?.status).toBe('cancelled')
    expect(run?.samplesDone).toBeGreaterThanOrEqual(5)
  })

  test('is resumed from what it has', async () => {
    lab.process.kill('SIGINT')
    await lab.ended
    const [before] = await history()
    const resumed = new SpawnedLab(home, ['resume', '1'])
    await samplesStored((before?.samplesDone ?? 0) + 3)
    resumed.process.kill('SIGINT')
    expect((await resumed.ended).code).toBe(130)
    const [after, ...others] = await history()
    expect(others).toEqual([])
    expect(after?.samplesDone).toBeGreaterThan(before?.samplesDone ?? 0)
  })

  test('by SIGKILL is interrupted when the lab is opened next, and leaves no process', async () => {
    const processes = descendantsOf(lab.process.pid ?? 0)
    expect(processes.length).toBeGreaterThan(0)
    lab.process.kill('SIGKILL')
    await lab.ended
    const { stderr, stdout } = await runLab(home, 'runs')
    expect(stderr).toContain('Run 1 was interrupted')
    expect(stdout).toContain('interrupted')
    const exported = await runLab(home, 'export', '1', '--format', 'json')
    expect(exportedRunSchema.parse(JSON.parse(exported.stdout)).samples.length).toBeGreaterThanOrEqual(5)
    await expect.poll(() => processes.filter(isAlive)).toEqual([])
  })

  test('by the death of its engine is interrupted, says so, and keeps what it measured', async () => {
    const [engine = -1] = descendantsOf(lab.process.pid ?? -1)
    expect(engine).toBeGreaterThan(0)
    process.kill(engine, 'SIGKILL')
    const { code, stderr, stdout } = await lab.ended
    expect(code).toBe(1)
    expect(stderr).toContain('the engine process was killed by SIGKILL')
    expect(stdout).toContain('memfd-direct')
    expect((await history())[0]).toMatchObject({ status: 'interrupted' })
  })
})
