import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'

export type Expression = { readonly path: string; readonly expression: RegExp }

/** Every regular expression that stands in the sources of a folder, tests and fixtures left out. */
export function expressionsIn(root: string, folder: string): Expression[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(ts|tsx|mjs)$/.test(name) && !/\.test\.|(^|\/)(testing|fixtures|test)\//.test(name))
    .flatMap(name => {
      const path = join(folder, name)
      const { program } = parseSync(path, readFileSync(join(root, path), 'utf8'))
      return literalsIn(program).map(expression => ({ path, expression }))
    })
}

function literalsIn(node: unknown): RegExp[] {
  if (typeof node !== 'object' || node === null) return []
  if ('value' in node && node.value instanceof RegExp) return [node.value]
  return Object.values(node).flatMap(literalsIn)
}

/** What a stranger fills a text with, and what stands around it so that a match begins and then fails. */
const fillings = [
  ...[' ', '\t', '\n', ' \n', 'a', '0', '_', '.', '-', 'a.', '0.0', ',', '/', '\\', '"', '(', '=', 'a='],
  ...['\u001b', 'x-', 'aB', '1 ', 'a1', ':', 'a:', 'é', '.0', '\u202e', '#', '*', '`', '|', '[', '<'],
]
const surroundings = [
  ['', ''],
  ['', '!'],
  ['\n', ''],
  ['0', 'é'],
  ['a', '\0'],
  ['sim:', '!'],
  ['adb:', '\n'],
  ['Bearer ', ' '],
] as const

const shortLength = 8_000
const longLength = 4 * shortLength
/** A linear one takes 4 times as long for 4 times the text, a quadratic one 16 times. */
const suspectFactor = 9
const suspectMs = 15

/** A text for which the time grows faster than its length, in a few words; `null` where none was found. */
export function slowText({ expression }: Expression): string | null {
  for (const filling of fillings) {
    for (const [before, after] of surroundings) {
      const text = (length: number) => before + filling.repeat(length / filling.length) + after
      const shortMs = timeOf(expression, text(shortLength))
      if (shortMs < suspectMs) continue
      const longMs = timeOf(expression, text(longLength))
      if (longMs > suspectFactor * shortMs) return JSON.stringify([before, filling, after])
    }
  }
  return null
}

function timeOf({ source, flags }: RegExp, text: string): number {
  const whole = new RegExp(source, flags.includes('g') ? flags : `${flags}g`)
  const startedMs = performance.now()
  text.replaceAll(whole, '')
  return performance.now() - startedMs
}
