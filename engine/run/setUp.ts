import type { Identity } from '../../contract/engine.ts'
import { type LabError, toLabError } from '../../contract/error.ts'
import type { Plan } from '../../contract/plan.ts'
import type { Progress } from '../../contract/run.ts'
import { formatSize } from '../../contract/size.ts'
import type { Capabilities, Ceiling } from '../../contract/target.ts'
import type { Target, TargetFile } from '../targets/target.ts'
import { pacedBytes } from './pacedBytes.ts'
import { checkFit, sizesOf } from './preflight.ts'

/** What must be there before the first sample. */
export type SetUp = {
  readonly capabilities: Capabilities
  readonly file: TargetFile
  readonly sizesBytes: readonly number[]
  readonly ceiling: Ceiling | null
  readonly identity: Identity
}

export type Stage = (stage: Progress['stage'], text: string) => void

/** Probes, checks that the plan fits, prepares the file and measures the ceiling on it, in this order. */
export async function setUp(target: Target, plan: Plan, stage: Stage, signal: AbortSignal): Promise<SetUp> {
  stage('probing', `Probing ${plan.target}.`)
  const capabilities = await target.probe(plan, signal)
  const { file, sizesBytes } = await provideFile(target, plan, capabilities, stage, signal)
  const ceiling = await measureCeiling(target, plan, file, stage, signal)
  return { capabilities, file, sizesBytes, ceiling, identity: await target.identity(file) }
}

type Provided = Pick<SetUp, 'file' | 'sizesBytes'>

async function provideFile(
  target: Target,
  plan: Plan,
  capabilities: Capabilities,
  stage: Stage,
  signal: AbortSignal,
): Promise<Provided> {
  const onBytes = pacedBytes((doneBytes, totalBytes) =>
    stage('preparing', `Preparing the file: ${formatSize(doneBytes)} of ${formatSize(totalBytes)}.`),
  )
  stage('preparing', 'Preparing the file.')
  if (plan.file !== null) {
    const file = await target.adopt(plan.file, onBytes, signal)
    const sizesBytes = sizesOf(plan, file)
    checkFit(plan, Math.max(...sizesBytes), capabilities)
    return { file, sizesBytes }
  }
  const bytes = Math.max(...plan.sizesBytes)
  checkFit(plan, bytes, capabilities)
  const generated = { bytes, seed: plan.seed, directory: plan.directory }
  return { file: await target.prepare(generated, onBytes, signal), sizesBytes: plan.sizesBytes }
}

/** `null` where the plan does not ask for it, or the target's file system cannot read directly. */
async function measureCeiling(
  target: Target,
  plan: Plan,
  file: TargetFile,
  stage: Stage,
  signal: AbortSignal,
): Promise<Ceiling | null> {
  if (!plan.ceiling) return null
  stage('ceiling', 'Measuring the ceiling of the storage.')
  try {
    return await target.ceiling(file, signal)
  } catch (thrown) {
    const error: LabError = toLabError(thrown)
    if (error.kind !== 'unsupported') throw thrown
    return null
  }
}
