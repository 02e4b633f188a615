import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { planSchema } from '../../contract/plan.ts'
import { KiB, MiB } from '../../contract/size.ts'
import { cannotMount, isolate } from '../../db/fixtures/smallFileSystem.ts'
import { bundledLab } from './bundledLab.ts'
import { readLabLines } from './labLines.ts'
import { between, noCounts, type Ordeal } from './ordeal.ts'

/** A disk that fills, told as what it is. A run that just fits may finish; another lab may measure this machine. */
const expectedEnds = ['store-full', 'no-space', 'finished', 'interrupted', 'busy']
const plans = [
  {
    target: 'sim:ufs4-phone-2024',
    schemes: ['normal', 'udmabuf-gather-direct'],
    sizesBytes: [1, 2, 4, 8, 16, 32].map(each => each * MiB),
  },
  { target: 'local', schemes: ['memfd-buffered', 'memfd-gather-buffered'], sizesBytes: [64 * KiB, MiB] },
].map(plan => JSON.stringify(planSchema.parse({ ...plan, repeats: 1000, ceiling: false })))

/** A lab on a file system of a size drawn at random, until that is full; then what it acknowledged is looked for. */
export const fullDisks: Ordeal = {
  name: 'disks',
  share: 1,
  finds: ['lost'],
  missing: () => cannotMount,
  run: async ({ deadlineMs, random, scratch, planted }) => {
    const counts = noCounts()
    const findings: string[] = []
    const folder = join(scratch, 'mounted')
    mkdirSync(folder)
    const lab = await bundledLab()
    for (let round = 0; performance.now() < deadlineMs && !(planted && round > 0); round++) {
      const bytes = between(planted ? 2048 : 64, planted ? 2048 : 6144, random) * KiB
      const found = fillDisk({ lab, folder, bytes, plan: plans[round % plans.length] ?? '', planted })
      counts.inputs += found.acknowledged
      counts.lost += found.lost.length
      counts.crashed += found.crashed.length
      findings.push(...[...found.lost, ...found.crashed].map(text => `${text} (a disk of ${bytes} bytes)`))
    }
    return { counts, findings }
  },
}

type Filling = {
  /** The program of the lab under test. */
  readonly lab: string
  readonly folder: string
  readonly bytes: number
  readonly plan: string
  readonly planted: boolean
}

/** Both processes see the same file system, which is gone with the second. */
function fillDisk({ lab, folder, bytes, plan, planted }: Filling) {
  const command =
    'mount -t tmpfs -o size="$1" tmpfs "$2"; export DMABUF_LAB_HOME="$2"; "$3" "$4" "$6" >"$7"; exec "$3" "$5" "$7" "$8"'
  const written = `${folder}.lines`
  const args = [`${bytes}`, folder, process.execPath, lab, script('lostOnDisk.ts')]
  const child = spawnSync(
    'unshare',
    [...isolate, 'sh', '-c', command, 'sh', ...args, plan, written, planted ? 'planted' : ''],
    { encoding: 'utf8', timeout: hangMs, killSignal: 'SIGKILL' },
  )
  const answer = child.stdout.trim().split('\n').at(-1) ?? ''
  if (child.status !== 0) {
    return {
      acknowledged: 0,
      lost: [],
      crashed: [`the lab ended with ${child.status}: ${child.stderr.slice(-500)}`],
    }
  }
  const { acknowledged, lost, text }: { acknowledged: number; lost: string[]; text: string } =
    JSON.parse(answer)
  const unexpected = readLabLines(text).flatMap(line =>
    line.type === 'ended' && !expectedEnds.includes(line.kind)
      ? [`it ended as ${line.kind}: ${line.reason}`]
      : [],
  )
  return { acknowledged, lost, crashed: unexpected }
}

const hangMs = 10 * 60_000

function script(name: string): string {
  return join(import.meta.dirname, name)
}
