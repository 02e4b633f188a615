/**
 * An element of a drawing, for a page that draws it and for a file that holds it. `at` has the element's own attributes
 * by their names in SVG, numbers in pixels; `kind` is its class.
 */
export type Shape = {
  readonly tag: 'rect' | 'line' | 'path' | 'text'
  readonly kind: string
  readonly at: Readonly<Record<string, string | number>>
  /** Of a text, its lines: each further one stands below. */
  readonly lines?: readonly Line[]
  /** What a pointer on it is told. */
  readonly title?: string
}

type Line = { readonly text: string; readonly kind?: string }

export const lineHeight = 13

export function rect(kind: string, at: Shape['at']): Shape {
  return { tag: 'rect', kind, at }
}

export function line(kind: string, [x1, y1]: Point, [x2, y2]: Point): Shape {
  return { tag: 'line', kind, at: { x1, y1, x2, y2 } }
}

export function path(kind: string, d: string, at: Shape['at'] = {}): Shape {
  return { tag: 'path', kind, at: { d, ...at } }
}

export function text(kind: string, [x, y]: Point, ...lines: readonly (string | Line)[]): Shape {
  return {
    tag: 'text',
    kind,
    at: { x, y },
    lines: lines.map(one => (typeof one === 'string' ? { text: one } : one)),
  }
}

type Point = readonly [x: number, y: number]

/** Steps of a path, to a hundredth of a pixel. */
export function steps(words: TemplateStringsArray, ...pixels: readonly number[]): string {
  return words.map((word, at) => `${word}${rounded(pixels[at])}`).join('')
}

function rounded(pixels: number | undefined): string {
  return pixels === undefined ? '' : String(Math.round(pixels * 100) / 100)
}
