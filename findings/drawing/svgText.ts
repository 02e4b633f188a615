import { markupText } from '../words/foreignText.ts'
import { lineHeight, type Shape } from './shapes.ts'

export type Svg = {
  readonly width: number
  readonly height: number
  /** For those who do not see it. */
  readonly title: string
  /** Rules for its shapes, by their kinds. */
  readonly style: string
  /** Elements that shapes refer to. */
  readonly definitions: string
  readonly shapes: readonly Shape[]
}

/** A drawing as a file of its own, or as part of a page. Two decimals are a hundredth of a pixel. */
export function svgText({ width, height, title, style, definitions, shapes }: Svg): string {
  const size = `width="${number(width)}" height="${number(height)}" viewBox="0 0 ${number(width)} ${number(height)}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`,
    `<title>${markupText(title)}</title>`,
    `<style>${style}</style>`,
    ...(definitions === '' ? [] : [`<defs>${definitions}</defs>`]),
    ...shapes.map(element),
    '</svg>',
  ].join('\n')
}

function element({ tag, kind, at, lines, title }: Shape): string {
  const attributes = Object.entries(at)
    .map(([name, value]) => ` ${name}="${attribute(value)}"`)
    .join('')
  const inside = [
    ...(title === undefined ? [] : [`<title>${markupText(title)}</title>`]),
    ...(lines ?? []).map((line, index) => tspan(line, at.x ?? 0, index)),
  ].join('')
  return `<${tag} class="${markupText(kind)}"${attributes}>${inside}</${tag}>`
}

function tspan(
  { text, kind }: { readonly text: string; readonly kind?: string },
  x: string | number,
  index: number,
): string {
  const down = index === 0 ? '' : ` dy="${lineHeight}"`
  const named = kind === undefined ? '' : ` class="${markupText(kind)}"`
  return `<tspan x="${attribute(x)}"${down}${named}>${markupText(text)}</tspan>`
}

function attribute(value: string | number): string {
  return typeof value === 'number' ? number(value) : markupText(value)
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100)
}
