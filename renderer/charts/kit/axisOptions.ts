import type { Ink } from './ink.ts'

export function axisTitle(ink: Ink, text: string) {
  return { display: true, text, color: ink.quiet, font: { family: ink.words, size: 11 } }
}

export function tickStyle(ink: Ink) {
  return { color: ink.quiet, font: { family: ink.numbers, size: 11 } }
}

export function gridStyle(ink: Ink) {
  return { color: ink.line, tickColor: ink.edge }
}

export function tooltipStyle(ink: Ink) {
  return {
    backgroundColor: ink.raised,
    borderColor: ink.edge,
    borderWidth: 1,
    titleColor: ink.ink,
    bodyColor: ink.ink,
    cornerRadius: 4,
    displayColors: false,
    titleFont: { family: ink.words, size: 12 },
    bodyFont: { family: ink.numbers, size: 11 },
  }
}
