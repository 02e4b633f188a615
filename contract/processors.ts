import { z } from 'zod'

const largestProcessor = 1023
const listText = 'processors are numbers and ranges, separated by commas: 0-3,6'

/** The processors of a list as the kernel writes it, in order; `null` for what is no such list. */
export function processorsOf(list: string): number[] | null {
  const found = new Set<number>()
  for (const part of list.split(',')) {
    const range = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part.trim())
    if (range === null) return null
    const first = Number(range[1])
    const last = Number(range[2] ?? range[1])
    if (last < first || last > largestProcessor) return null
    for (let processor = first; processor <= last; processor += 1) found.add(processor)
  }
  return [...found].toSorted((a, b) => a - b)
}

/** `0-3,6`, as the kernel writes it. */
export function processorList(processors: readonly number[]): string {
  const ranges: { first: number; last: number }[] = []
  for (const processor of processors) {
    const before = ranges.at(-1)
    if (before !== undefined && before.last + 1 === processor) before.last = processor
    else ranges.push({ first: processor, last: processor })
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

/** A list of processors; two ways to write the same one become one. */
export const processorListSchema = z
  .string()
  .max(4096)
  .refine(list => processorsOf(list) !== null, { error: listText, abort: true })
  .overwrite(list => processorList(processorsOf(list) ?? []))

const khz = z.number().int().nonnegative()

/** What a target offers to bind a load to, and to cap. */
export const processorsSchema = z.strictObject({
  /** Those that a load may run on: `0-7`. */
  usable: z.string(),
  /** Processors that are clocked together, each with the clock's least, most and present cap. None without cpufreq. */
  clocks: z.array(z.strictObject({ processors: z.string(), leastKhz: khz, mostKhz: khz, capKhz: khz })),
  canCapClock: z.boolean(),
})
export type Processors = z.infer<typeof processorsSchema>

type Asked = { readonly processors: string | null; readonly clockKhz: number | null }

/** Whether a load is to be bound, or its clock capped. */
export function asksForProcessors({ processors, clockKhz }: Asked): boolean {
  return processors !== null || clockKhz !== null
}

/** Of a target; `processors` is `null` where it does not tell. */
type Offered = { readonly simulated: boolean; readonly processors: Processors | null }

/** Why a load cannot run on these processors, or at this clock; `null` where it can, as far as the target tells. */
export function processorsProblem(asked: Asked, { simulated, processors }: Offered): string | null {
  if (!asksForProcessors(asked)) return null
  if (simulated) return 'a simulated target has no processors to choose, and no clock to cap'
  return processors && (bindingProblem(asked, processors) ?? clockProblem(asked, processors))
}

function bindingProblem({ processors }: Asked, { usable }: Processors): string | null {
  if (processors === null) return null
  const there = processorsOf(usable) ?? []
  const missing = (processorsOf(processors) ?? []).filter(processor => !there.includes(processor))
  if (missing.length === 0) return null
  return `a load cannot run on processors ${processorList(missing)}: the target offers ${usable}`
}

function clockProblem({ processors, clockKhz }: Asked, { clocks, canCapClock }: Processors): string | null {
  if (clockKhz === null) return null
  if (clocks.length === 0) return 'the clock cannot be capped: the target has no cpufreq'
  if (!canCapClock) return 'the clock cannot be capped: only root may'
  const bound = processors === null ? null : (processorsOf(processors) ?? [])
  const concerned = clocks.filter(
    clock => bound === null || (processorsOf(clock.processors) ?? []).some(one => bound.includes(one)),
  )
  if (concerned.length === 0) return `the target does not tell the clock of processors ${processors}`
  const least = Math.max(...concerned.map(clock => clock.leastKhz))
  const most = Math.max(...concerned.map(clock => clock.mostKhz))
  if (clockKhz >= least && clockKhz <= most) return null
  return `the clock cannot be capped at ${clockKhz / 1000} MHz: it goes from ${least / 1000} to ${most / 1000} MHz`
}
