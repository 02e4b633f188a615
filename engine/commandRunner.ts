import {
  type EngineCommand,
  type EngineEvent,
  type EngineOptions,
  engineCommandSchema,
  type ModelQuestion,
} from '../contract/engine.ts'
import { toLabError } from '../contract/error.ts'
import { planSchema } from '../contract/plan.ts'
import { MiB } from '../contract/size.ts'
import type { Ceiling } from '../contract/target.ts'
import { claimed, shortRunMs } from './run/claimed.ts'
import { type Report, runBench } from './run/runPlan.ts'
import { openTarget } from './targets/openTarget.ts'
import type { Target } from './targets/target.ts'

type QueuedCommand = Exclude<EngineCommand, { type: 'cancel' | 'close' | 'watchTargets' }>
type TargetCommand = Exclude<QueuedCommand, { type: 'model' }>

/** File that a ceiling is measured on when no plan says otherwise: large enough to keep the storage busy. */
const ceilingFile = { bytes: 256 * MiB, seed: 1 }
const defaultHeap = planSchema.shape.heap.parse(undefined)

/**
 * Does what the lab tells this engine process, one command after the other, and posts what comes of it. What lists
 * devices, and the model, are loaded when they are asked for: most engines serve one target, and adb's code is large.
 */
export class CommandRunner {
  readonly #options: EngineOptions
  readonly #post: Report
  readonly #onClose: () => void
  readonly #closed = new AbortController()
  #current = new AbortController()
  #queue: Promise<void> = Promise.resolve()

  /** `onClose`: the lab wants this process to end. */
  constructor(options: EngineOptions, post: Report, onClose: () => void) {
    this.#options = options
    this.#post = post
    this.#onClose = onClose
  }

  /** Takes a message of the lab; one that is no command is answered with `failed`. */
  take(message: unknown): void {
    const parsed = engineCommandSchema.safeParse(message)
    if (parsed.success) this.#accept(parsed.data)
    else this.#post({ type: 'failed', error: toLabError(parsed.error) })
  }

  /** Ends what is under way and resolves once its children are gone. */
  async close(): Promise<void> {
    this.#closed.abort()
    await this.#queue
  }

  #accept(command: EngineCommand): void {
    if (command.type === 'cancel') this.#current.abort()
    else if (command.type === 'close') this.#onClose()
    else if (command.type === 'watchTargets') this.#watch()
    else this.#queue = this.#queue.then(() => this.#execute(command))
  }

  #watch(): void {
    const onTargets = (targets: Extract<EngineEvent, { type: 'targets' }>['targets']) =>
      this.#post({ type: 'targets', targets })
    import('./targets/discovery.ts')
      .then(({ watchTargets }) => watchTargets(this.#options, onTargets, this.#closed.signal))
      .catch((thrown: unknown) => this.#post({ type: 'failed', error: toLabError(thrown) }))
  }

  async #execute(command: QueuedCommand): Promise<void> {
    this.#current = new AbortController()
    const signal = AbortSignal.any([this.#current.signal, this.#closed.signal])
    try {
      if (command.type === 'model') this.#post(await this.#answerModel(command.question))
      else this.#post(await this.#onTarget(command, signal))
    } catch (thrown) {
      this.#post({ type: 'failed', error: toLabError(thrown) })
    }
  }

  async #answerModel(question: ModelQuestion): Promise<EngineEvent> {
    const { answerModel } = await import('./profiles/answerModel.ts')
    const { ProfileShelf } = await import('./profiles/profileShelf.ts')
    const shelf = new ProfileShelf(this.#options.dataDirectory)
    return { type: 'modelAnswered', answer: answerModel(shelf, question) }
  }

  async #measureCeiling(target: Target, directory: string | null, signal: AbortSignal): Promise<Ceiling> {
    // The probe makes the folder, where nothing was measured before.
    await target.probe({ directory, heap: defaultHeap }, signal)
    const file = await target.prepare({ ...ceilingFile, directory }, () => {}, signal)
    return target.ceiling(file, signal)
  }

  async #onTarget(command: TargetCommand, signal: AbortSignal): Promise<EngineEvent> {
    const id = command.type === 'run' ? command.plan.target : command.target
    const target = await openTarget(id, this.#options, signal)
    try {
      return await this.#answer(target, command, signal)
    } finally {
      await target.dispose()
    }
  }

  async #answer(target: Target, command: TargetCommand, signal: AbortSignal): Promise<EngineEvent> {
    switch (command.type) {
      case 'run':
        return runBench(
          target,
          { plan: command.plan, doneKeys: new Set(command.doneKeys) },
          this.#post,
          signal,
        )
      case 'probe': {
        const scope = { directory: command.directory, heap: defaultHeap }
        return { type: 'probed', capabilities: await target.probe(scope, signal) }
      }
      case 'ceiling': {
        const work = () => this.#measureCeiling(target, command.directory, signal)
        const wait = { patienceMs: shortRunMs, tell: () => {} }
        return { type: 'ceilingMeasured', ceiling: await claimed(target, wait, signal, work) }
      }
      case 'clean': {
        const { directories, remove } = command
        const clean = () => target.clean({ directories, remove }, signal)
        // A run that is under way, in whichever lab, keeps its files. A person waits for the answer.
        const wait = { patienceMs: 0, tell: () => {} }
        return { type: 'cleaned', files: await (remove ? claimed(target, wait, signal, clean) : clean()) }
      }
      case 'inspect': {
        const { path, bytes } = await target.inspect(command.path, signal)
        return { type: 'inspected', path, bytes }
      }
    }
  }
}
