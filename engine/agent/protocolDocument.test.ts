import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { marks } from '../../contract/sample.ts'
import { requirementIds } from '../../contract/schemes.ts'
import { agentLineSchema, allocAndReadWays, protocolVersion } from './lines.ts'

const text = readFileSync(join(import.meta.dirname, '../../docs/agent-protocol.md'), 'utf8')

/** The keys of the object that starts at `start`, without those of what it holds. */
function outerKeys(source: string, start: number): string[] {
  const keys: string[] = []
  for (let depth = 0, at = start; at < source.length; at += 1) {
    const rest = source.slice(at)
    const key = depth === 1 ? /^"(\w+)":/.exec(rest)?.[1] : undefined
    if (key !== undefined) keys.push(key)
    if (/^[[{]/.test(rest)) depth += 1
    if (/^[\]}]/.test(rest)) depth -= 1
    if (depth === 0) break
  }
  return keys
}

/** Every line that the document shows, with its type. */
function shownLines(): { type: string; keys: string[] }[] {
  return [...text.matchAll(/\{"v":(\d+),"type":"(\w+)"/g)].map(({ 1: version, 2: type = '', index }) => {
    expect(version).toBe(`${protocolVersion}`)
    return { type, keys: outerKeys(text, index) }
  })
}

/** The names in the first column of the section's table, without `[]`. */
function tableKeys(section: string): string[] {
  const body = text.split(/^## /m).find(each => each.startsWith(section)) ?? ''
  const firstColumn = [...body.matchAll(/^\| ([^|]*) \|/gm)].map(match => match[1] ?? '')
  return firstColumn.flatMap(cell => [...cell.matchAll(/`(\w+)(?:\[\])?`/g)].map(match => match[1] ?? ''))
}

const documented = [...shownLines(), { type: 'probe', keys: ['v', 'type', ...tableKeys('probe ')] }]

describe('docs/agent-protocol.md', () => {
  it.each(
    agentLineSchema.options.map(option => [option.shape.type.value, Object.keys(option.shape)] as const),
  )('has the fields of %s, all of them and no other', (type, keys) => {
    const shown = documented.filter(line => line.type === type)
    expect(shown).not.toEqual([])
    for (const line of shown) expect(line.keys.toSorted()).toEqual(keys.toSorted())
  })

  it('names every mark, requirement and way', () => {
    for (const word of [...requirementIds, ...allocAndReadWays])
      expect(text).toMatch(new RegExp(`[\` ]${word}[\` ]`))
    for (const mark of marks) expect(text.replace(/\s+/g, ' ')).toContain(mark)
  })
})
