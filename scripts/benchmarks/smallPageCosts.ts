import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { MiB } from '../../contract/size.ts'
import { runAdb } from '../../device/virtual/adbProgram.ts'
import { summarize } from '../../findings/statistics/summary.ts'
import { benchFolder, root } from './agent.ts'
import type { OwnDevice } from './ownDevice.ts'
import type { BenchResult } from './result.ts'

const bytes = 256 * MiB
const rounds = 7

const time = z.number().nonnegative()
const roundSchema = z.looseObject({
  ...{ treeNs: time, clearAndFaultNs: time, faultNs: time, clearNs: time, pinNs: time },
  ...{ populateWriteNs: time, writeZerosNs: time, faultAroundNs: time },
})
type Round = z.infer<typeof roundSchema>

/** What 4 KiB pages cost on this machine, each cause measured alone. Without /dev/udmabuf nothing pins. */
export function smallPagesHere(): BenchResult[] {
  const words = [`${bytes}`, `${rounds}`]
  return sharesOf(execFileSync(compiled(), words, { encoding: 'utf8' }), 'this machine')
}

export async function smallPagesOn({ device }: OwnDevice): Promise<BenchResult[]> {
  const remote = '/data/local/tmp/populating-costs'
  const adb = (...words: string[]) => runAdb(device.adb, ['-s', device.serial, ...words])
  const limit = '/sys/module/udmabuf/parameters/size_limit_mb'
  await adb('push', compiled('-static'), remote)
  // The device is the bench's own and ends with it.
  const command = `echo 1024 > ${limit}; ${remote} ${bytes} ${rounds}; rm -f ${remote}`
  const done = await adb('shell', command)
  return sharesOf(done.stdout.toString('utf8'), 'the virtual device')
}

function compiled(...flags: string[]): string {
  const program = join(benchFolder(), `populating-costs${flags.join('')}`)
  const source = join(import.meta.dirname, 'populatingCosts.c')
  const warnings = ['-std=c11', '-O2', '-Wall', '-Werror']
  execFileSync('gcc', [...warnings, ...flags, '-I', join(root, 'device'), '-o', program, source])
  return program
}

function sharesOf(output: string, where: string): BenchResult[] {
  const measured = output
    .trimEnd()
    .split('\n')
    .map(line => roundSchema.parse(JSON.parse(line)))
  const median = (of: (round: Round) => number) => summarize(measured.map(of))?.median ?? Number.NaN
  const setting = `${where}, ${bytes / MiB} MiB of 4 KiB pages in one memfd, one thread`
  const cost = (what: string, of: (round: Round) => number): BenchResult => ({
    name: `${setting}: ${what}, median of ${measured.length}`,
    ...{ value: median(of) / 1e6, unit: 'ms' },
  })
  const whole = ({ treeNs, clearAndFaultNs, pinNs }: Round) => treeNs + clearAndFaultNs + pinNs
  const share = (what: string, of: (round: Round) => number): BenchResult => ({
    name: `${setting}: share of ${what}`,
    ...{ value: 100 * median(round => of(round) / whole(round)), unit: '%' },
  })
  return [
    share('the page-cache tree and the pages themselves (fallocate)', round => round.treeNs),
    share('the faults, one a page (a second mapping of pages that are there)', round => round.faultNs),
    share('zeroing (the first mapping less its faults)', round => round.clearAndFaultNs - round.faultNs),
    share('pinning (UDMABUF_CREATE of pages that are there)', round => round.pinNs),
    cost('all four', whole),
    cost('zeroing alone, of pages that are mapped (memset)', round => round.clearNs),
    cost('MADV_POPULATE_WRITE', round => round.populateWriteNs),
    cost(
      'writing zeros, then MADV_POPULATE_READ (as the loader does)',
      round => round.writeZerosNs + round.faultAroundNs,
    ),
  ]
}
