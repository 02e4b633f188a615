import type { Run, RunDetail } from '../../contract/run.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { loadCostNote, loadCostTitle } from '../loadCosts.ts'
import { againCommand } from '../words/commandText.ts'
import { unprobedText } from '../words/environmentRows.ts'
import { percentText, sizeText, timeText } from '../words/figureText.ts'
import { markupText } from '../words/foreignText.ts'
import type { SpansOf } from './exporter.ts'
import { htmlPage, paragraph, section, htmlTable as table } from './htmlPage.ts'
import { loadTimeNotes } from './loadTimeNotes.ts'
import { pictureSvg, runPicture } from './pictureSvg.ts'
import { type Report, reportOf } from './report.ts'
import {
  environmentTables,
  formulaNotes,
  formulaTable,
  loadCostTable,
  loadTimeTable,
  planTable,
  runTable,
  type Table,
  unmeasuredTable,
} from './reportTables.ts'
import { type RunWhy, runWhy } from './runWhy.ts'
import { whySvg } from './whySvg.ts'

const noMeasure = 'No load was measured.'

/** The report of a run in one file. */
export function htmlOf(detail: RunDetail, spansOf: SpansOf, scheme: SchemeId | null): string {
  const report = reportOf(detail)
  const title = `${detail.run.plan.target}, ${detail.run.createdAt.slice(0, 10)}: dmabuf-lab report`
  return htmlPage(title, [
    ...headline(detail, report),
    ...pictureAndWhy(detail, spansOf, scheme),
    ...loadTimes(report),
    ...formulas(report),
    ...loadCosts(report),
    ...unmeasured(report),
    ...environment(detail.run),
    ...section('Plan', table(planTable(detail.run))),
    ...again(detail.run),
    `<footer>${markupText(`dmabuf-lab ${detail.run.labVersion}, run ${detail.run.uuid}`)}</footer>`,
  ])
}

function headline(detail: RunDetail, report: Report): string[] {
  return [
    '<header>',
    ...(report.simulated
      ? ['<p class="sim"><b>SIM</b> Every figure here is simulated. None was measured.</p>']
      : []),
    `<h1>${markupText(report.answer?.sentence ?? noMeasure)}</h1>`,
    ...(report.answer === null ? [] : [paragraph(report.answer.basis, 'basis')]),
    table(runTable(detail)),
    '</header>',
  ]
}

function pictureAndWhy(detail: RunDetail, spansOf: SpansOf, scheme: SchemeId | null): string[] {
  const picture = runPicture(detail, scheme)
  if (picture === null) return []
  const why = runWhy(picture, detail, spansOf)
  return [
    ...section('Cost per GiB', `<figure>${pictureSvg(picture, detail)}</figure>`),
    ...(why === null ? [] : whySection(why)),
  ]
}

function whySection(why: RunWhy): string[] {
  const title = `Median samples at ${sizeText(why.bytes)}`
  const hasSpans = why.loads.some(({ spans }) => spans.length > 0)
  return section(
    `Why at ${sizeText(why.bytes)}`,
    paragraph(why.sentence),
    ...(hasSpans
      ? [
          table(limitTable(why)),
          `<figure>${whySvg(why.loads, title)}</figure>`,
          paragraph(
            'The median sample of each. Numbers are gathers, hairlines go from the pages of a gather to its read, the critical path is underlined.',
            'note',
          ),
        ]
      : []),
  )
}

/** The share that each limit has of the critical path. */
function limitTable({ sides }: RunWhy): Table {
  const names = [...new Set(sides.flatMap(({ why }) => why.limits.map(({ name }) => name)))]
  return {
    columns: [
      { title: 'critical path', align: 'left' },
      ...names.map(title => ({ title, align: 'right' as const })),
    ],
    rows: sides.map(({ sample, why }) => [
      sample.scheme,
      ...names.map(name => {
        const limit = why.limits.find(one => one.name === name)
        return limit === undefined ? '-' : `${percentText(limit.share)}, ${timeText(limit.ns)}`
      }),
    ]),
  }
}

function loadTimes(report: Report): string[] {
  const times = loadTimeTable(report)
  if (times === null) return []
  const notes = loadTimeNotes(report).map(note => `<li>${markupText(note)}</li>`)
  return section('Load time', table(times), `<ul>${notes.join('')}</ul>`)
}

function formulas(report: Report): string[] {
  const rows = formulaTable(report)
  if (rows === null) return []
  const { serial, overlapped, basis, won } = formulaNotes
  return section(
    'The two formulas',
    `<p>Serial: <code>${markupText(serial)}</code><br>Overlapped: <code>${markupText(overlapped)}</code></p>`,
    table(rows),
    paragraph(`${basis} ${won}`, 'note'),
  )
}

function loadCosts(report: Report): string[] {
  const rows = loadCostTable(report)
  return rows === null ? [] : section(loadCostTitle, table(rows), paragraph(loadCostNote, 'note'))
}

function unmeasured(report: Report): string[] {
  const rows = unmeasuredTable(report)
  return rows === null ? [] : section('Not measured', table(rows))
}

function environment(run: Run): string[] {
  const tables = environmentTables(run)
  return section('Environment', ...(tables.length === 0 ? [paragraph(unprobedText)] : tables.map(table)))
}

function again({ plan }: Run): string[] {
  const { command, note } = againCommand(plan)
  return section('Measure it again', `<pre>${markupText(command)}</pre>`, paragraph(note, 'note'))
}
