import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { gatherSweepSchema, predictionSchema } from '../../contract/model.ts'
import { exportedRunSchema } from '../../contract/run.ts'
import { MiB } from '../../contract/size.ts'
import { CommandProcess } from './fixtures/commandProcess.ts'

let home: string
let commands: CommandProcess

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-model-'))
  commands = new CommandProcess(home)
})

afterAll(() => {
  commands.close()
  rmSync(home, { recursive: true })
})

describe('published', () => {
  test('--json is an array of every figure that a simulation can speak about', async () => {
    const { code, stdout } = await commands.run('published', '--json')
    expect(code).toBe(0)
    const cell = z.strictObject({
      series: z.string(),
      scheme: z.string(),
      bytes: z.number(),
      condition: z.string(),
      publishedNs: z.number(),
      simulatedNs: z.number(),
    })
    const cells = z.array(cell).parse(JSON.parse(stdout))
    expect(cells.filter(({ series }) => series === 'v2-2024-07-30')).toHaveLength(33)
  })

  test('tells errors, ranks and what does not fit together in the source', async () => {
    const { stdout } = await commands.run('published', '--profile', 'ufs4-phone-2024-uncalibrated')
    expect(stdout).toContain('SIM rank')
    expect(stdout).toContain('4.41 s, but the table says 5.65 s')
    expect(stdout).toContain('Simulated (SIM): ufs4-phone-2024-uncalibrated')
  })
})

describe('predict', () => {
  const predict = (...args: string[]) => commands.run('predict', '--profile', 'ufs4-phone-2024', ...args)

  test('--json has both formulas and the best gather', async () => {
    const { code, stdout } = await predict('--schemes', 'read-async-direct', '--sizes', '1GiB', '--json')
    expect(code).toBe(0)
    const answer = z
      .object({ predictions: z.array(predictionSchema), gathers: z.record(z.string(), gatherSweepSchema) })
      .parse(JSON.parse(stdout))
    expect(answer.predictions[0]?.overlappedBoundNs).toBeGreaterThan(0)
    expect(answer.gathers['read-async-direct']?.bestBytes).toBeGreaterThan(0)
  })

  test.each([
    [['--gather', '0'], 'not above zero'],
    [['--sizes', '8MiB', '--gather', '1GiB'], 'larger than the file'],
    [['--sizes', '0'], 'not above zero'],
    [['--sizes', '9007199254740994'], '2^53'],
    [['--set', 'storageLatencyNs=-1'], 'storageLatencyNs'],
    [['--set', 'warpFactor=9'], 'no profile has a parameter "warpFactor"'],
    [['--set', 'storageLatencyNs'], 'parameter=number'],
    [['--profile', 'pixel'], 'there is no profile "pixel"'],
  ])('%j exits with 2: %s', async (args, words) => {
    const { code, stderr } = await predict(...args)
    expect(stderr).toContain(words)
    expect(code).toBe(2)
  })
})

describe('a simulated run', () => {
  const run = (...args: string[]) =>
    commands.run('run', '--target', 'sim:ufs4-phone-2024', '--sizes', '512KiB,8MiB', '--json', ...args)

  test('runs every scheme, marked as simulated, and is no ground for a calibration', async () => {
    const { code, stdout } = await run('--schemes', 'all', '--repeats', '2')
    expect(code).toBe(0)
    const { run: kept, samples } = exportedRunSchema.parse(JSON.parse(stdout))
    expect(samples.every(sample => sample.simulated && sample.status === 'ok')).toBe(true)
    const calibrated = await commands.run('calibrate', String(kept.id), '--name', 'mine')
    expect([calibrated.code, calibrated.stderr]).toEqual([2, expect.stringContaining('is simulated')])
  })

  test('on a damaged profile is refused with the path in its file', async () => {
    mkdirSync(join(home, 'profiles'), { recursive: true })
    writeFileSync(join(home, 'profiles', 'broken.json'), '{"name":"broken","parameters":{}}')
    const { code, stderr } = await run('--schemes', 'normal', '--target', 'sim:broken')
    expect(stderr).toContain('broken.json: title')
    expect(code).toBe(2)
  })
})

test('tune is one run that says what to use, and what that gains', async () => {
  const tune = ['tune', '--target', 'sim:ufs4-phone-2024', '--size', '1GiB', '--repeats', '6', '--json']
  const { code, stdout, stderr } = await commands.run(
    ...tune,
    '--gathers',
    '1GiB,64MiB,1GiB',
    '--readers',
    '1',
  )
  expect(code).toBe(0)
  expect(stderr).toContain('Tuning: 3 settings, each compared with the first.')
  const found = z
    .looseObject({
      runId: z.number(),
      scheme: z.string(),
      sentence: z.string(),
      use: z.looseObject({ gatherBytes: z.number() }),
      settings: z.array(z.looseObject({ comparison: z.looseObject({ verdict: z.string() }).nullable() })),
    })
    .parse(JSON.parse(stdout))
  expect(found).toMatchObject({ scheme: 'read-async-direct', use: { gatherBytes: 64 * MiB } })
  expect(found.sentence).toMatch(/use gather 64 MiB, .* less time than with gather 1 GiB.*p = /)
  // The same gather twice comes out as equal.
  expect(found.settings.map(({ comparison }) => comparison?.verdict ?? null)).toEqual([null, 'faster', '~'])
  const runs = z
    .array(z.looseObject({ id: z.number() }))
    .parse(JSON.parse((await commands.run('runs', '--json')).stdout))
  expect(runs.filter(({ id }) => id >= found.runId)).toHaveLength(1)
})
