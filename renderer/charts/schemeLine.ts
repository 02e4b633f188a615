import type { ChartDataset, Point } from 'chart.js'
import type { SchemeId } from '../../contract/schemes.ts'
import { schemeStyle } from '../style/schemeStyle.ts'
import type { Ink } from './kit/ink.ts'

/** A mark on the edge of the plot is drawn whole, in pixels beyond it. */
const markReach = 8

/** A line through points of one scheme that have no samples of their own: published or predicted ones. */
export function schemeLine(scheme: SchemeId, data: Point[], ink: Ink): ChartDataset<'line', Point[]> {
  const { colour, dash, marker, hollow } = schemeStyle(scheme, ink.theme)
  return {
    label: scheme,
    data,
    clip: markReach,
    borderColor: colour,
    borderWidth: 1.5,
    borderDash: [...dash],
    pointStyle: marker,
    pointRadius: 3.5,
    pointHoverRadius: 6,
    pointHitRadius: 8,
    pointBorderWidth: 1.5,
    pointBorderColor: colour,
    pointBackgroundColor: hollow ? ink.ground : colour,
  }
}

/** Published figures are hollow diamonds, never joined. */
export function publishedPoints(scheme: SchemeId, data: Point[], ink: Ink): ChartDataset<'line', Point[]> {
  const { colour } = schemeStyle(scheme, ink.theme)
  return {
    label: `${scheme}, published`,
    data,
    clip: markReach,
    showLine: false,
    pointStyle: 'rectRot',
    pointRadius: 7,
    pointHoverRadius: 9,
    pointHitRadius: 8,
    pointBorderWidth: 1.5,
    pointBorderColor: colour,
    pointBackgroundColor: 'transparent',
  }
}
