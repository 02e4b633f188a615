import { pathsOf, type TakenStep } from './paths.ts'
import { classOf, type Mode, type Scenario, type Step, stepText } from './scenario.ts'

/**
 * How dma_fence_begin_signalling() tells lockdep of itself: as a non-recursive read lock (drivers/dma-buf/dma-fence.c),
 * or as a successful read-trylock (the change proposed on the dma-buf list in 2023).
 */
export const annotations = ['read', 'trylock'] as const
export type Annotation = (typeof annotations)[number]

/** The class that lockdep shows for the annotation. */
export const fenceMap = 'dma_fence_map'

type Held = {
  readonly lock: string
  readonly lockClass: string
  readonly mode: Mode
  readonly tried: boolean
}

/** `to` was taken while `from` was held. Modes decide which orders can close a circle. */
export type Order = {
  readonly from: string
  readonly to: string
  readonly fromMode: Mode
  readonly toMode: Mode
  /** The first place that registered it. */
  readonly thread: string
  readonly step: string
}

/** What lockdep would print: the circle of classes, closed by the last place. */
export type Report = {
  readonly kind: 'circular' | 'recursive'
  readonly classes: readonly string[]
  readonly thread: string
  readonly step: string
}

export type Lockdep = { readonly orders: readonly Order[]; readonly report: Report | null }

/**
 * Which orders lockdep registers when every thread has gone every way once, and the first report it would make. Rules:
 * Documentation/locking/lockdep-design.rst ("recursive read locks") and kernel/locking/lockdep.c: check_prevs_add()
 * stops at the first lock that was not tried, validate_chain() checks none that was tried, check_deadlock() refuses a
 * class that is held already.
 */
export function lockdepOf(scenario: Scenario, annotation: Annotation): Lockdep {
  const validator = new Validator(scenario, annotation)
  for (const { name, steps } of scenario.threads) {
    for (const path of pathsOf(steps)) validator.walk(name, path)
  }
  return { orders: validator.orders, report: validator.report }
}

class Validator {
  readonly orders: Order[] = []
  report: Report | null = null
  readonly #scenario: Scenario
  readonly #tried: boolean
  readonly #chains = new Set<string>()
  #held: Held[] = []
  #thread = ''
  /** How many begin_signalling() calls are open; only the outermost one is an acquisition. */
  #sections = 0

  constructor(scenario: Scenario, annotation: Annotation) {
    this.#scenario = scenario
    this.#tried = annotation === 'trylock'
  }

  walk(thread: string, path: readonly TakenStep[]): void {
    this.#held = []
    this.#sections = 0
    this.#thread = thread
    for (const { step, got } of path) if (got) this.#take(step)
  }

  #take(step: Step): void {
    const where = stepText(step)
    if (step.do === 'lock' || step.do === 'trylock') {
      const lockClass = classOf(this.#scenario, step.lock)
      this.#acquire({ lock: step.lock, lockClass, mode: step.mode, tried: step.do === 'trylock' }, where)
    } else if (step.do === 'unlock') this.#release(step.lock, where)
    else if (step.do === 'begin-signalling') this.#begin(where)
    else if (step.do === 'end-signalling') this.#end(where)
    else if (step.do === 'signal') {
      // dma_fence_signal() is a signalling section of its own.
      this.#begin(where)
      this.#end(where)
    } else this.#mightWait(where)
  }

  #begin(where: string): void {
    this.#sections += 1
    if (this.#sections === 1) this.#acquire({ ...fenceLock, mode: 'read', tried: this.#tried }, where)
  }

  #end(where: string): void {
    this.#sections -= 1
    if (this.#sections === 0) this.#release(fenceMap, where)
  }

  /** __dma_fence_might_wait(): leaves the section, takes the map for writing and returns. */
  #mightWait(where: string): void {
    const inside = this.#sections > 0
    if (inside) this.#release(fenceMap, where)
    this.#acquire({ ...fenceLock, mode: 'write', tried: false }, where)
    this.#release(fenceMap, where)
    if (inside) this.#acquire({ ...fenceLock, mode: 'read', tried: this.#tried }, where)
  }

  #acquire(next: Held, where: string): void {
    if (!next.tried && this.#isNewChain(next)) this.#check(next, where)
    this.#held.push(next)
  }

  /** lookup_chain_cache_add(): what was held and taken in this order before is not looked at again. */
  #isNewChain(next: Held): boolean {
    const chain = [...this.#held, next].map(({ lockClass, mode }) => `${lockClass} ${mode}`).join('\n')
    const isNew = !this.#chains.has(chain)
    this.#chains.add(chain)
    return isNew
  }

  #check(next: Held, where: string): void {
    const same = this.#held.find(
      held => held.lockClass === next.lockClass && !(next.mode === 'recursive-read' && held.mode !== 'write'),
    )
    if (same !== undefined) {
      const classes = [next.lockClass, next.lockClass]
      this.#tell({ kind: 'recursive', classes, thread: this.#thread, step: where })
      return
    }
    for (const held of this.#held.toReversed()) {
      if (held.lockClass !== next.lockClass) this.#register(held, next, where)
      if (!held.tried) break
    }
  }

  #register(held: Held, next: Held, where: string): void {
    const back = strongPath(this.orders, next, held)
    if (back !== null) {
      this.#tell({ kind: 'circular', classes: [held.lockClass, ...back], thread: this.#thread, step: where })
    }
    const order = { from: held.lockClass, to: next.lockClass, fromMode: held.mode, toMode: next.mode }
    if (this.orders.some(known => isSameOrder(known, order))) return
    this.orders.push({ ...order, thread: this.#thread, step: where })
  }

  /** lockdep turns itself off after its first report. */
  #tell(report: Report): void {
    this.report ??= report
  }

  /** Releases the innermost of that name; what was taken after it is taken anew (reacquire_held_locks()). */
  #release(lock: string, where: string): void {
    const at = this.#held.findLastIndex(held => held.lock === lock)
    if (at < 0) return
    const later = this.#held.slice(at + 1)
    this.#held = this.#held.slice(0, at)
    for (const held of later) this.#acquire(held, where)
  }
}

const fenceLock = { lock: fenceMap, lockClass: fenceMap }

type Edge = Pick<Order, 'from' | 'to' | 'fromMode' | 'toMode'>

/** lockdep keeps a kind of order once: from a writer or a reader, to a recursive reader or anybody else. */
function isSameOrder(a: Edge, b: Edge): boolean {
  return (
    a.from === b.from &&
    a.to === b.to &&
    (a.fromMode === 'write') === (b.fromMode === 'write') &&
    (a.toMode === 'recursive-read') === (b.toMode === 'recursive-read')
  )
}

/** A class on the way of the search. `onlyRecursive`: all that arrives there are recursive readers. */
type Reached = {
  readonly lockClass: string
  readonly onlyRecursive: boolean
  readonly way: readonly string[]
}
type Found = Omit<Reached, 'onlyRecursive'> & {
  readonly from: Reached
  readonly orders: readonly Edge[]
}

/**
 * A way of registered orders from `start` to `goal` on which everybody blocks the next: one that arrives at a class as a
 * recursive reader does not go on as a reader of it. `null` where lockdep finds none: as __bfs() does, it looks at a
 * class once, when it first comes by, even where that way does not block.
 */
function strongPath(orders: readonly Edge[], start: Held, goal: Held): string[] | null {
  const root = {
    lockClass: start.lockClass,
    onlyRecursive: start.mode === 'recursive-read',
    way: [start.lockClass],
  }
  const waiting: Found[] = onward(orders, root)
  const seen = new Set([start.lockClass])
  for (let found = waiting.shift(); found !== undefined; found = waiting.shift()) {
    if (seen.has(found.lockClass)) continue
    seen.add(found.lockClass)
    const here = reached(found)
    if (here === null) continue
    if (here.lockClass === goal.lockClass && (goal.mode === 'write' || !here.onlyRecursive))
      return [...here.way]
    waiting.push(...onward(orders, here))
  }
  return null
}

/** The classes that follow on `from`, in the order in which lockdep met them, with every kind of order to each. */
function onward(orders: readonly Edge[], from: Reached): Found[] {
  const byClass = Map.groupBy(
    orders.filter(order => order.from === from.lockClass),
    order => order.to,
  )
  return [...byClass].map(([lockClass, kinds]) => ({
    lockClass,
    from,
    orders: kinds,
    way: [...from.way, lockClass],
  }))
}

function reached({ lockClass, from, orders, way }: Found): Reached | null {
  const blocking = orders.filter(order => !(from.onlyRecursive && order.fromMode !== 'write'))
  if (blocking.length === 0) return null
  return { lockClass, onlyRecursive: blocking.every(order => order.toMode === 'recursive-read'), way }
}
