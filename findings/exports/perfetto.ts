import type { RunDetail } from '../../contract/run.ts'
import type { Span, StoredSample } from '../../contract/sample.ts'
import { formatSize } from '../../contract/size.ts'
import { jsonText } from '../words/foreignText.ts'
import { roundTitle } from '../words/sampleTitle.ts'
import type { SpansOf } from './exporter.ts'
import { joinedLines } from './joinedLines.ts'

const nsPerMicrosecond = 1000

/**
 * The timeline as Chrome's trace events, which ui.perfetto.dev and chrome://tracing open: a process per sample, a
 * thread per lane, every sample from time 0 so that loads can be laid side by side. Times are in microseconds there
 * ("Trace Event Format", complete events `X` and metadata events `M`).
 */
export function perfettoOf({ run, samples }: RunDetail, spansOf: SpansOf): string {
  const events = samples.flatMap(sample => sampleEvents(sample, spansOf(sample.id)).map(jsonText))
  const about = {
    run: run.uuid,
    target: run.plan.target,
    labVersion: run.labVersion,
    kernel: run.capabilities?.environment.kernel ?? null,
  }
  return `{"displayTimeUnit":"ns","otherData":${jsonText(about)},"traceEvents":[\n${joinedLines(events)}\n]}\n`
}

function sampleEvents(sample: StoredSample, spans: readonly Span[]): object[] {
  const pid = sample.index + 1
  const lanes = [...new Set(spans.map(span => span.lane))]
  const named = (name: string, args: object, tid = 0) => ({ ph: 'M', name, pid, tid, args })
  return [
    named('process_name', { name: sampleName(sample) }),
    named('process_sort_index', { sort_index: sample.index }),
    ...lanes.map((lane, index) => named('thread_name', { name: lane }, index + 1)),
    ...spans.map(span => ({
      ph: 'X',
      name: span.phase,
      cat: sample.simulated ? 'simulated' : 'measured',
      pid,
      tid: lanes.indexOf(span.lane) + 1,
      ts: span.startNs / nsPerMicrosecond,
      dur: (span.endNs - span.startNs) / nsPerMicrosecond,
      args: { bytes: span.bytes, gather: span.gather },
    })),
  ]
}

function sampleName(sample: StoredSample): string {
  const status = sample.status === 'ok' ? '' : ` ${sample.status}`
  return `${sample.simulated ? 'SIM ' : ''}${sample.scheme} ${formatSize(sample.bytes)} ${roundTitle(sample)}${status}`
}
