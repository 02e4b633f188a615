import { fail } from '../contract/error.ts'
import { type Mode, type Scenario, type Step, stepText } from './scenario.ts'

/** One move of a thread, in words. */
export type Move = { readonly thread: string; readonly step: string }

/** How the threads come to stand still: the moves until then, and what each of them waits for. */
export type Deadlock = { readonly moves: readonly Move[]; readonly waiting: readonly Move[] }

export type Exploration = { readonly states: number; readonly deadlock: Deadlock | null }

const mostStates = 300_000
/** Some milliseconds of work. */
const statesAtOnce = 1000

/** A thread's steps in a row; a trylock that fails, and the end of its `got`, go on somewhere else. */
type Instruction =
  | { readonly step: Exclude<Step, { do: 'trylock' }> }
  | { readonly step: Extract<Step, { do: 'trylock' }>; readonly otherwise: number }
  | { readonly step: null; readonly goTo: number }

/** Positions, queued writers, signalled fences and who holds what: all that decides how things can go on. */
type State = {
  readonly at: readonly number[]
  /** The lock that a thread queues for as a writer; empty for a thread that does not. */
  readonly queued: readonly string[]
  readonly signalled: readonly string[]
  readonly held: readonly { readonly thread: number; readonly lock: string; readonly reads: boolean }[]
}

/**
 * Tries every interleaving of the threads' steps until one stands still. A writer that waits keeps new readers out, as
 * rw_semaphore and rwlock_t do; a recursive reader passes it. A signalling section blocks nobody: it is an annotation.
 * Yields how many states it has found, each time after some milliseconds.
 * @throws LabFailure `bad-plan` where there are too many states to try them all.
 */
export function* exploring(scenario: Scenario): Generator<number, Exploration> {
  const machine = new Machine(scenario)
  const start = machine.start()
  const cameFrom = new Map<string, { readonly from: string; readonly move: Move } | null>([
    [keyOf(start), null],
  ])
  const waiting = [start]
  let tried = 0
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    if (++tried % statesAtOnce === 0) yield cameFrom.size
    const moves = machine.moves(state)
    if (moves.length === 0 && !machine.isFinished(state)) {
      const deadlock = { moves: wayTo(keyOf(state), cameFrom), waiting: machine.waiting(state) }
      return { states: cameFrom.size, deadlock }
    }
    for (const { move, next } of moves) {
      const key = keyOf(next)
      if (cameFrom.has(key)) continue
      cameFrom.set(key, { from: keyOf(state), move })
      waiting.push(next)
    }
    if (cameFrom.size > mostStates) {
      fail(
        'bad-plan',
        `more than ${mostStates} states can be reached`,
        'Take threads or steps out of the scenario.',
      )
    }
  }
  return { states: cameFrom.size, deadlock: null }
}

function keyOf({ at, queued, signalled, held }: State): string {
  const holders = held.map(({ thread, lock, reads }) => `${thread}${reads ? 'r' : 'w'}${lock}`).sort()
  return [at.join(), queued.join(), [...signalled].sort().join(), holders.join()].join('|')
}

function wayTo(
  key: string,
  cameFrom: ReadonlyMap<string, { readonly from: string; readonly move: Move } | null>,
): Move[] {
  const moves: Move[] = []
  for (let step = cameFrom.get(key); step != null; step = cameFrom.get(step.from)) moves.unshift(step.move)
  return moves
}

class Machine {
  readonly #names: readonly string[]
  readonly #programs: readonly (readonly Instruction[])[]

  constructor({ threads }: Scenario) {
    this.#names = threads.map(thread => thread.name)
    this.#programs = threads.map(thread => programOf(thread.steps, 0))
  }

  start(): State {
    const threads = this.#programs.length
    return { at: Array(threads).fill(0), queued: Array(threads).fill(''), signalled: [], held: [] }
  }

  isFinished({ at }: State): boolean {
    return at.every((position, thread) => position >= (this.#programs[thread]?.length ?? 0))
  }

  moves(state: State): { readonly move: Move; readonly next: State }[] {
    return this.#names.flatMap((name, thread) => {
      const next = this.#after(state, thread)
      return next === null ? [] : [{ move: { thread: name, step: this.#stepText(state, thread) }, next }]
    })
  }

  /** What the threads that have not finished want to do and cannot. */
  waiting(state: State): Move[] {
    return this.#names.flatMap((name, thread) => {
      const instruction = this.#instruction(state, thread)
      return instruction === undefined ? [] : [{ thread: name, step: this.#stepText(state, thread) }]
    })
  }

  #instruction({ at }: State, thread: number): Instruction | undefined {
    return this.#programs[thread]?.[at[thread] ?? 0]
  }

  #stepText(state: State, thread: number): string {
    const instruction = this.#instruction(state, thread)
    if (instruction === undefined || instruction.step === null) return 'goes on'
    const text = stepText(instruction.step)
    return instruction.step.do === 'lock' &&
      !isFree(state, thread, instruction.step) &&
      !isQueued(state, thread)
      ? `${text} waits`
      : text
  }

  /** The state after this thread's next move; `null` where it is blocked or has finished. */
  #after(state: State, thread: number): State | null {
    const instruction = this.#instruction(state, thread)
    if (instruction === undefined) return null
    const here = state.at[thread] ?? 0
    if (instruction.step === null) return moved(state, thread, instruction.goTo)
    const { step } = instruction
    if (step.do === 'trylock' && 'otherwise' in instruction) {
      return isFree(state, thread, step)
        ? taken(moved(state, thread, here + 1), thread, step)
        : moved(state, thread, instruction.otherwise)
    }
    if (step.do === 'lock') {
      if (isFree(state, thread, step)) return taken(moved(state, thread, here + 1), thread, step)
      const queues = step.mode === 'write' && !isQueued(state, thread)
      return queues ? { ...state, queued: state.queued.with(thread, step.lock) } : null
    }
    if (step.do === 'wait')
      return state.signalled.includes(step.fence) ? moved(state, thread, here + 1) : null
    return done(moved(state, thread, here + 1), thread, step)
  }
}

function isQueued({ queued }: State, thread: number): boolean {
  return queued[thread] !== ''
}

function isFree(
  state: State,
  thread: number,
  { lock, mode }: { readonly lock: string; readonly mode: Mode },
): boolean {
  const holders = state.held.filter(held => held.lock === lock)
  if (mode === 'write') return holders.length === 0
  if (holders.some(holder => !holder.reads)) return false
  return (
    mode === 'recursive-read' ||
    !state.queued.some((queuedFor, other) => queuedFor === lock && other !== thread)
  )
}

function moved(state: State, thread: number, position: number): State {
  return { ...state, at: state.at.with(thread, position), queued: state.queued.with(thread, '') }
}

function taken(
  state: State,
  thread: number,
  { lock, mode }: { readonly lock: string; readonly mode: Mode },
): State {
  return { ...state, held: [...state.held, { thread, lock, reads: mode !== 'write' }] }
}

function done(state: State, thread: number, step: Step): State {
  if (step.do === 'signal' && !state.signalled.includes(step.fence)) {
    return { ...state, signalled: [...state.signalled, step.fence] }
  }
  if (step.do !== 'unlock') return state
  const at = state.held.findLastIndex(held => held.thread === thread && held.lock === step.lock)
  return { ...state, held: state.held.toSpliced(at, 1) }
}

function programOf(steps: readonly Step[], from: number): Instruction[] {
  const program: Instruction[] = []
  for (const step of steps) {
    if (step.do !== 'trylock') program.push({ step })
    else {
      const got = programOf(step.got, from + program.length + 1)
      const otherwise = from + program.length + 1 + got.length + 1
      const refused = programOf(step.refused, otherwise)
      program.push({ step, otherwise }, ...got, { step: null, goTo: otherwise + refused.length }, ...refused)
    }
  }
  return program
}
