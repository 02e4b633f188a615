import { z } from 'zod'

const traceSchema = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      ph: z.string(),
      pid: z.number(),
      tid: z.number(),
      ts: z.number().optional(),
      dur: z.number().optional(),
      tdur: z.number().optional(),
      id2: z.object({ local: z.string().optional() }).optional(),
      args: z
        .looseObject({
          name: z.unknown().optional(),
          frame_reporter: z.object({ state: z.string() }).optional(),
        })
        .optional(),
    }),
  ),
})

/** One entry of Chromium's trace event format; `ts`, `dur` and `tdur` in µs. */
export type TraceEvent = z.infer<typeof traceSchema>['traceEvents'][number]

/** The events of a trace as `browser.stopTracing` gives it. */
export function traceEventsOf(trace: Buffer): TraceEvent[] {
  return traceSchema.parse(JSON.parse(trace.toString('utf8'))).traceEvents
}

export const taskCategories = ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata']

/** Every task of the page's main threads: wall and processor time, in ms. */
export type Tasks = { readonly wallMs: readonly number[]; readonly cpuMs: readonly number[] }

export function mainThreadTasks(events: readonly TraceEvent[]): Tasks {
  const mains = new Set(
    events
      .filter(event => event.name === 'thread_name' && event.args?.name === 'CrRendererMain')
      .map(event => `${event.pid}/${event.tid}`),
  )
  const tasks = events.filter(
    event => event.ph === 'X' && event.name.endsWith('RunTask') && mains.has(`${event.pid}/${event.tid}`),
  )
  return {
    wallMs: tasks.map(task => (task.dur ?? 0) / 1000),
    cpuMs: tasks.map(task => (task.tdur ?? 0) / 1000),
  }
}

export const frameCategories = ['disabled-by-default-devtools.timeline.frame', 'blink.user_timing']

/** A frame that reached the screen, in µs on the trace's clock. */
export type PresentedFrame = {
  /** The main thread has handed over all it drew. */
  readonly committedUs: number
  readonly presentedUs: number
}

/**
 * When something new of the page reached the screen, in µs: what its main thread drew, and what the compositor scrolled
 * without it. A frame of both is one.
 */
export function shownFrames(events: readonly TraceEvent[]): number[] {
  const shown = new Set<number>()
  const isShown = new Map<string, boolean>()
  for (const { name, ph, ts, pid, id2, args } of events.toSorted((a, b) => (a.ts ?? 0) - (b.ts ?? 0))) {
    if (name !== frameStages.whole || ts === undefined || id2?.local === undefined) continue
    const frame = `${pid}/${id2.local}`
    if (ph === 'b') isShown.set(frame, args?.frame_reporter?.state.startsWith('STATE_PRESENTED') ?? false)
    if (ph === 'e' && isShown.get(frame)) shown.add(ts)
  }
  return [...shown]
}

const frameStages = { whole: 'PipelineReporter', commit: 'Commit' } as const

/** Frames with something new of the main thread in them, as the compositor's frame reporter has them. */
export function presentedFrames(events: readonly TraceEvent[]): PresentedFrame[] {
  const commits = new Map<string, number>()
  const frames: PresentedFrame[] = []
  for (const { name, ph, ts, pid, id2 } of events.toSorted((a, b) => (a.ts ?? 0) - (b.ts ?? 0))) {
    if (ts === undefined || id2?.local === undefined) continue
    const frame = `${pid}/${id2.local}`
    if (name === frameStages.whole && ph === 'b') commits.delete(frame)
    if (name === frameStages.commit && ph === 'e') commits.set(frame, ts)
    const committedUs = commits.get(frame)
    if (name === frameStages.whole && ph === 'e' && committedUs !== undefined)
      frames.push({ committedUs, presentedUs: ts })
  }
  return frames
}
