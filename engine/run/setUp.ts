import type { Identity } from '../../contract/engine.ts'
import { toLabError } from '../../contract/error.ts'
import type { Plan } from '../../contract/plan.ts'
import type { Progress } from '../../contract/run.ts'
import { formatSize } from '../../contract/size.ts'
import type { Capabilities, Ceiling } from '../../contract/target.ts'
import type { ProbeScope, Target, TargetFile } from '../targets/target.ts'
import { pacedBytes } from './pacedBytes.ts'
import { checkFit, sizesOf } from './preflight.ts'
import { concernsOneLoad } from './unmeasured.ts'

/** What must be there before the first sample. */
export type SetUp = {
  readonly capabilities: Capabilities
  readonly file: TargetFile
  readonly sizesBytes: readonly number[]
  readonly ceiling: Ceiling | null
  readonly identity: Identity
  /** The folder and the file whose disk is measured. */
  readonly scope: ProbeScope
}

export type Stage = (stage: Progress['stage'], text: string) => void

/**
 * Probes, checks that the plan fits, prepares the file, looks at its own disk and measures the ceiling on it, in this
 * order.
 */
export async function setUp(target: Target, plan: Plan, stage: Stage, signal: AbortSignal): Promise<SetUp> {
  stage('probing', `Probing ${plan.target}.`)
  const { directory, heap } = plan
  const before = await target.probe({ directory, heap }, signal)
  const { file, sizesBytes } = await provideFile(target, plan, before, stage, signal)
  const scope: ProbeScope = { directory, heap, measuredFile: file.path }
  const capabilities = before.simulated ? before : await target.probe(scope, signal)
  const { ceiling, noCeiling } = await measureCeiling(target, plan, file, stage, signal)
  const identity = await target.identity(file)
  return { capabilities: { ...capabilities, noCeiling }, file, sizesBytes, ceiling, identity, scope }
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
  const generated = { bytes, seed: plan.seed, state: plan.fileState, directory: plan.directory }
  return { file: await target.prepare(generated, onBytes, signal), sizesBytes: plan.sizesBytes }
}

type MeasuredCeiling = { readonly ceiling: Ceiling | null; readonly noCeiling: string }

/**
 * None where the plan does not ask for it, and none, with the reason, where it cannot be proved or measured: what made
 * that fail may spare the loads.
 */
async function measureCeiling(
  target: Target,
  plan: Plan,
  file: TargetFile,
  stage: Stage,
  signal: AbortSignal,
): Promise<MeasuredCeiling> {
  if (!plan.ceiling) return { ceiling: null, noCeiling: '' }
  stage('ceiling', 'Measuring the ceiling of the storage.')
  try {
    return { ceiling: await target.ceiling(file, signal), noCeiling: '' }
  } catch (thrown) {
    const error = toLabError(thrown)
    if (signal.aborted || !concernsOneLoad(error)) throw thrown
    return { ceiling: null, noCeiling: error.message }
  }
}
