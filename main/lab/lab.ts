import { existsSync } from 'node:fs'
import type { CallOutput, EventName, EventPayload, LabHandlers } from '../../contract/calls.ts'
import type { ModelQuestion } from '../../contract/engine.ts'
import { reasonOf } from '../../contract/error.ts'
import type { Mark } from '../../contract/sample.ts'
import type { Store } from '../../db/openStore.ts'
import { damageText } from '../../findings/words/checkText.ts'
import { Comparisons } from './comparisons.ts'
import { DatabaseCheck } from './databaseCheck.ts'
import { Deletions } from './deletions.ts'
import { logEngine } from './engineLog.ts'
import type { StartEngine } from './engineProcess.ts'
import { FindingsThread } from './findings/findingsThread.ts'
import { ledgerHandlers } from './ledgerHandlers.ts'
import { LedgerKeeper } from './ledgerKeeper.ts'
import type { About, LabLog } from './log/labLog.ts'
import { loggedHandlers } from './loggedHandlers.ts'
import { idleEngineMs, Measurements } from './measurements.ts'
import { modelHandlers } from './modelHandlers.ts'
import type { LabPaths } from './paths.ts'
import { runHandlers } from './runHandlers.ts'
import { Subscribers } from './subscribers.ts'
import { TargetEngine, wrongAnswer } from './targetEngine.ts'
import { targetHandlers } from './targetHandlers.ts'
import { TargetWatch } from './targetWatch.ts'

const closeGraceMs = 1000
const recoverHint = 'The rest can be used. End the lab and run `recover` to salvage it into a new database.'
const agentMissing = 'The agent is not built. Only simulated targets can run.'

type ShellInfo = CallOutput<'shell', 'info'>

export type LabParts = {
  readonly store: Store
  readonly startEngine: StartEngine
  /** The built or plain `findings/findingsWorker`. */
  readonly findingsWorkerFile: string
  readonly paths: LabPaths
  readonly log: LabLog
  readonly shell: ShellInfo['shell']
  readonly version: string
}

/** The application: what every shell serves. It owns its engine processes; the store is its maker's. */
export class LabApplication {
  readonly handlers: LabHandlers
  readonly #parts: LabParts
  readonly #subscribers = new Subscribers()
  readonly #measurements: Measurements
  readonly #deletions: Deletions
  readonly #thread: FindingsThread
  readonly #keeper: LedgerKeeper
  readonly #watch: TargetWatch
  readonly #modelEngine: TargetEngine
  #check: DatabaseCheck | null = null
  /** What the check of the database found; empty of nothing. */
  #damage = ''

  constructor(parts: LabParts) {
    const { store, startEngine, findingsWorkerFile, version, log } = parts
    this.#parts = parts
    const starting = (about: () => About): StartEngine => {
      return () => logEngine(startEngine(), log, about)
    }
    this.#measurements = new Measurements({
      ...{ runs: store.runs, starting, log, subscribers: this.#subscribers },
      ended: runId => this.#keeper.renew(runId),
    })
    this.#thread = new FindingsThread(findingsWorkerFile, store.file)
    this.#keeper = new LedgerKeeper({
      ledger: store.ledger,
      thread: this.#thread,
      isMeasuring: () => this.#measurements.isMeasuring,
      tellChanged: runIds => this.#subscribers.tell('ledgerChanged', { runIds: [...runIds] }),
    })
    this.#watch = new TargetWatch(
      starting(() => ({ task: 'targets' })),
      targets => this.#subscribers.tell('targetsChanged', targets),
    )
    this.#modelEngine = new TargetEngine(
      starting(() => ({ task: 'model' })),
      idleEngineMs,
    )
    this.#deletions = new Deletions(store.runs)
    const handlers = {
      shell: { info: () => this.#info() },
      targets: targetHandlers({
        measurements: this.#measurements,
        watch: this.#watch,
        runs: store.runs,
        subscribers: this.#subscribers,
      }),
      runs: runHandlers({
        runs: store.runs,
        measurements: this.#measurements,
        deletions: this.#deletions,
        subscribers: this.#subscribers,
        comparisons: new Comparisons(store.ledger, this.#thread, this.#subscribers),
        keeper: this.#keeper,
        labVersion: version,
      }),
      ledger: ledgerHandlers({
        ledger: store.ledger,
        keeper: this.#keeper,
        subscribers: this.#subscribers,
      }),
      ...modelHandlers({
        ask: question => this.#askModel(question),
        getRun: runId => store.runs.getRun(runId),
        profilesChanged: () => this.#watch.renew(closeGraceMs),
      }),
    }
    this.handlers = loggedHandlers(handlers, log)
  }

  /** What the store has to tell: a damaged database kept aside, runs found dead. */
  get notices(): readonly string[] {
    return this.#parts.store.notices
  }

  /** Returns the unsubscribe. */
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
    return this.#subscribers.add(event, listener)
  }

  /** Works out what the ledger lacks, when nothing is measured. */
  keepLedger(): void {
    this.#keeper.keepAll()
  }

  /** Clears away what an earlier lab deleted and did not come to. */
  finishDeletions(): void {
    this.#deletions
      .clearDiscarded()
      .catch(thrown => process.emitWarning(`deleted runs are left: ${String(thrown)}`))
  }

  /** Looks at the whole database while the lab is used; damage becomes a notice. */
  async checkDatabase(workerFile: string, startAfterMs?: number): Promise<void> {
    const { store, log } = this.#parts
    this.#check = new DatabaseCheck({
      workerFile,
      databaseFile: store.file,
      isMeasuring: () => this.#measurements.isMeasuring,
      ...(startAfterMs === undefined ? {} : { startAfterMs }),
    })
    try {
      const result = await this.#check.run()
      if (result === null) return
      this.#damage = damageText(result)
      log.note(`database checked: ${this.#damage === '' ? 'sound' : this.#damage}`)
      if (this.#damage !== '') this.#subscribers.tell('noticesChanged', { notices: this.#info().notices })
    } catch (thrown) {
      log.note(`the database could not be checked: ${reasonOf(thrown)}`)
    }
  }

  /** Something happened to this machine: every sample under way is marked with it. */
  disturb(mark: Mark): void {
    this.#measurements.disturb(mark)
  }

  /** Interrupts what runs, keeping what was measured, and ends every engine process. */
  async close(): Promise<void> {
    await this.#thread.close()
    await Promise.all([
      this.#keeper.close(),
      this.#measurements.close('the lab was closed during the run', closeGraceMs),
      this.#modelEngine.end(closeGraceMs),
      this.#watch.close(closeGraceMs),
      this.#deletions.close(),
      this.#check?.close(),
    ])
  }

  async #askModel(question: ModelQuestion): Promise<unknown> {
    const answer = await this.#modelEngine.ask({ type: 'model', question })
    return answer.type === 'modelAnswered' ? answer.answer : wrongAnswer(answer)
  }

  #info(): ShellInfo {
    const { store, paths, shell, version, log } = this.#parts
    const noAgent = existsSync(paths.engine.agentDirectory) ? [] : [agentMissing]
    const damage = this.#damage === '' ? [] : [`${this.#damage} ${recoverHint}`]
    return {
      version,
      shell,
      dataDirectory: paths.dataDirectory,
      databaseFile: store.file,
      logFile: log.path,
      notices: [...store.notices, ...noAgent, ...damage],
    }
  }
}
