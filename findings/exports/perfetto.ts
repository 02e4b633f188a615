import type { RunDetail } from '../../contract/run.ts'
import type { Span, StoredSample } from '../../contract/sample.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { formatSize } from '../../contract/size.ts'
import { inLaneOrder } from '../drawing/laneSpans.ts'
import { gatherLinks } from '../limits.ts'
import { jsonText } from '../words/foreignText.ts'
import { roundTitle } from '../words/sampleTitle.ts'
import type { SpansOf } from './exporter.ts'
import { joinedLines } from './joinedLines.ts'

const nsPerMicrosecond = 1000
/** Between two samples, so that a person sees where one ends. */
const gapNs = 1_000_000
/** The thread of a process that has its loads as a whole; the lanes' numbers follow. */
const loadsThread = 1

type Event = Readonly<Record<string, unknown>>

/**
 * The timeline as Chrome's trace events, which ui.perfetto.dev and chrome://tracing open: the samples one after another
 * in the order in which they were measured, a process per scheme, in it a thread of whole loads and one per lane, the
 * bytes of the buffer as counters, and an arrow from the pages of each gather to its read. How long the lab did other
 * things between two samples is not kept. Times are in microseconds there ("Trace Event Format").
 */
export function perfettoOf({ run, samples }: RunDetail, spansOf: SpansOf): string {
  const processes = new Map<SchemeId, Process>()
  const lines: string[] = []
  let startNs = 0
  let flowId = 1
  for (const sample of samples) {
    const { scheme, simulated } = sample
    const process = processes.get(scheme) ?? { scheme, simulated, pid: processes.size + 1, lanes: [] }
    processes.set(scheme, process)
    const spans = spansOf(sample.id)
    for (const lane of new Set(spans.map(span => span.lane))) {
      if (!process.lanes.includes(lane)) process.lanes.push(lane)
    }
    const events = sampleEvents({ process, sample, spans, startNs, flowId })
    for (const event of events) lines.push(jsonText(event))
    startNs += lengthNs(sample, spans) + gapNs
    flowId += spans.length
  }
  for (const process of processes.values()) lines.push(...processEvents(process).map(jsonText))
  const about = {
    run: run.uuid,
    startedAt: run.createdAt,
    target: run.plan.target,
    labVersion: run.labVersion,
    kernel: run.capabilities?.environment.kernel ?? null,
    ceilingBytesPerSecond: run.ceiling?.bytesPerSecond ?? null,
    plan: run.plan,
  }
  return `{"displayTimeUnit":"ns","otherData":${jsonText(about)},"traceEvents":[\n${joinedLines(lines)}\n]}\n`
}

/** What has a scheme's samples in the trace. */
type Process = {
  readonly scheme: SchemeId
  readonly simulated: boolean
  readonly pid: number
  /** A thread each, numbered in the order in which they were seen. */
  readonly lanes: string[]
}

function processEvents({ scheme, pid, lanes, simulated }: Process): Event[] {
  const named = (name: string, args: object, tid = 0) => ({ ph: 'M', name, pid, tid, args })
  const order = inLaneOrder(lanes)
  return [
    named('process_name', { name: `${simulated ? 'SIM ' : ''}${scheme}` }),
    named('process_sort_index', { sort_index: pid }),
    ...['loads', ...lanes].flatMap((name, index) => [
      named('thread_name', { name }, loadsThread + index),
      named('thread_sort_index', { sort_index: order.indexOf(name) + 1 }, loadsThread + index),
    ]),
  ]
}

type Placed = {
  readonly process: Process
  readonly sample: StoredSample
  readonly spans: readonly Span[]
  /** Where the sample begins in the trace. */
  readonly startNs: number
  /** Of its first flow; no two flows of a trace have the same. */
  readonly flowId: number
}

function sampleEvents(placed: Placed): Event[] {
  return [loadEvent(placed), ...spanEvents(placed), ...flowEvents(placed), ...counterEvents(placed)]
}

/** The whole load as a slice; one that gave no time is an instant. */
function loadEvent({ process, sample, spans, startNs }: Placed): Event {
  const status = sample.status === 'ok' ? '' : ` ${sample.status}`
  const event = {
    name: `${sample.simulated ? 'SIM ' : ''}${sample.scheme} ${formatSize(sample.bytes)} ${roundTitle(sample)}${status}`,
    ...categoryOf(sample),
    ...{ pid: process.pid, tid: loadsThread, ts: startNs / nsPerMicrosecond },
    args: {
      ...{ sample: sample.index, bytes: sample.bytes, gatherBytes: sample.gatherBytes },
      ...{ reason: sample.reason, marks: sample.marks },
    },
  }
  const ns = sample.totalNs ?? 0
  if (ns === 0 && spans.length === 0) return { ...event, ph: 'i', s: 't' }
  return { ...event, ph: 'X', dur: (ns === 0 ? lengthNs(sample, spans) : ns) / nsPerMicrosecond }
}

function categoryOf({ simulated }: StoredSample) {
  return { cat: simulated ? 'simulated' : 'measured' }
}

function spanEvents({ process, sample, spans, startNs }: Placed): Event[] {
  return spans.map(span => ({
    ph: 'X',
    name: span.gather === null ? span.phase : `${span.phase} ${span.gather}`,
    ...categoryOf(sample),
    pid: process.pid,
    tid: threadOf(process, span.lane),
    ts: (startNs + span.startNs) / nsPerMicrosecond,
    dur: (span.endNs - span.startNs) / nsPerMicrosecond,
    args: { bytes: span.bytes, gather: span.gather },
  }))
}

function threadOf({ lanes }: Process, lane: string): number {
  return loadsThread + 1 + lanes.indexOf(lane)
}

/** An arrow leaves the slice that its start lies in, and ends at the slice that begins where it ends. */
function flowEvents({ process, sample, spans, startNs, flowId }: Placed): Event[] {
  const beginnings = new Map(spans.map(span => [`${span.lane}/${span.endNs}`, span.startNs]))
  return gatherLinks(spans).flatMap(({ gather, from, to }, index) => {
    const flow = {
      name: `gather ${gather}`,
      ...categoryOf(sample),
      id: flowId + index,
      pid: process.pid,
    }
    const at = (lane: string, ns: number) => ({
      tid: threadOf(process, lane),
      ts: (startNs + ns) / nsPerMicrosecond,
    })
    return [
      { ph: 's', ...flow, ...at(from.lane, beginnings.get(`${from.lane}/${from.ns}`) ?? from.ns) },
      { ph: 'f', bp: 'e', ...flow, ...at(to.lane, to.ns) },
    ]
  })
}

/** How much of the buffer has its pages and how much is filled; both begin at none with each load. */
function counterEvents({ process, spans, startNs }: Placed): Event[] {
  const counted = spans.filter(({ phase, bytes }) => phaseCounts[phase] !== undefined && bytes > 0)
  if (counted.length === 0) return []
  const bytes = { allocated: 0, read: 0 }
  const at = (ns: number): Event => ({
    ph: 'C',
    name: 'bytes',
    pid: process.pid,
    ts: (startNs + ns) / nsPerMicrosecond,
    args: { ...bytes },
  })
  const steps = counted
    .toSorted((a, b) => a.endNs - b.endNs)
    .map(span => {
      const counter = phaseCounts[span.phase]
      if (counter !== undefined) bytes[counter] += span.bytes
      return at(span.endNs)
    })
  return [{ ...at(0), args: { allocated: 0, read: 0 } }, ...steps]
}

const phaseCounts: Partial<Record<Span['phase'], 'allocated' | 'read'>> = {
  alloc: 'allocated',
  read: 'read',
  copy: 'read',
}

/** How long a sample is in the trace: closing follows the load. */
function lengthNs({ totalNs }: StoredSample, spans: readonly Span[]): number {
  return spans.reduce((end, span) => Math.max(end, span.endNs), totalNs ?? 0)
}
