import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gatherOf } from '../../contract/plan.ts'
import { valuesOf } from '../../contract/profile.ts'
import type { ExportedRun } from '../../contract/run.ts'
import { schemesOfFamily } from '../../contract/schemes.ts'
import { GiB } from '../../contract/size.ts'
import { type Cell, cellsOf } from '../../findings/cells.ts'
import { calibrate } from '../../model/calibration.ts'
import { bundledProfile } from '../../model/profiles/bundledProfiles.ts'
import { simulateLoad } from '../../model/simulation/simulateLoad.ts'
import { benchFolder } from './agent.ts'
import type { BenchResult } from './result.ts'
import { terminalRun } from './terminalRun.ts'

const predictedBytes = GiB
const sizes = '8MiB,64MiB,256MiB,1GiB'
const schemes = schemesOfFamily('memfd').map(({ id }) => id)

/** A profile calibrated on the smaller sizes of a local run, and how far it is off at 1 GiB of the same run. */
export async function run(): Promise<BenchResult[]> {
  const measured = localRun()
  const known = measured.samples.filter(sample => sample.bytes < predictedBytes)
  const base = bundledProfile('ufs4-phone-2024-uncalibrated')
  const { profile, leftOut } = calibrate(base, { run: measured.run, samples: known }, 'bench')
  const { readers, hugePages } = measured.run.plan
  const gatherBytes = gatherOf(measured.run.plan, predictedBytes)
  const errorOf = (cell: Cell) => {
    const load = { bytes: cell.bytes, gatherBytes, readers, hugePages }
    return simulateLoad(valuesOf(profile), cell.scheme, load).times.totalNs / cell.summary.median - 1
  }
  const predicted = cellsOf(measured.samples).filter(cell => cell.bytes === predictedBytes)
  return [
    ...predicted.map(cell => ({
      name: `${cell.scheme} at 1 GiB, predicted from 8, 64 and 256 MiB: error`,
      value: Math.abs(errorOf(cell)) * 100,
      unit: '%',
      limit: { atMost: 25 },
    })),
    ...leftOut.map(({ bytes, meanError }) => ({
      name: `mean error at ${bytes} bytes, left out of the fit`,
      value: meanError * 100,
      unit: '%',
    })),
  ]
}

function localRun(): ExportedRun {
  const home = mkdtempSync(join(benchFolder(), 'home-'))
  const plan = ['--target', 'local', '--schemes', schemes.join(','), '--sizes', sizes, '--repeats', '5']
  const fileOptions = ['--dir', join(benchFolder(), 'files'), '--gather', '32MiB', '--no-verify']
  try {
    return terminalRun({ options: [...plan, ...fileOptions], home })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}
