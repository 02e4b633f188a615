import { between, pick } from './ordeal.ts'

/** What parsers have stumbled over: limits, signs, encodings, keys of prototypes, control and bidirectional characters. */
const nastyTexts = [
  '',
  ' ',
  '0',
  '-0',
  '-1',
  '1e999',
  '1e-999',
  '9007199254740993',
  '18446744073709551616',
  'NaN',
  'null',
  'true',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '\u0000',
  '\u001b[2J',
  '\u202e',
  '\ud800',
  '=1+1',
  '{"',
  '[[[[[[[[',
  ',',
  '--',
  'é'.repeat(50),
  ' '.repeat(2000),
  'a'.repeat(5000),
  '8MiB',
  '1TiB',
  'sim:',
  'adb:',
]
const nastyValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  1e15,
  [],
  {},
  [[]],
  { __proto__x: 1 },
  ...nastyTexts,
]

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Another text near the given one: by its characters, or by its values where it is JSON. */
export function mutate(text: string, others: readonly string[], random: () => number): string {
  let mutated = text
  for (let more = between(1, 4, random); more > 0; more--) {
    mutated =
      random() < 0.6
        ? (mutateJson(mutated, random) ?? mutateText(mutated, others, random))
        : mutateText(mutated, others, random)
  }
  return mutated
}

function mutateText(text: string, others: readonly string[], random: () => number): string {
  const from = between(0, text.length, random)
  const to = Math.min(text.length, from + between(0, 12, random))
  const other = pick(others, random) ?? ''
  const cut = between(0, other.length, random)
  const inserted = [
    pick(nastyTexts, random) ?? '',
    String.fromCharCode(between(0, 0xff, random)),
    text.slice(from, to).repeat(between(0, 3, random)),
    other.slice(cut, cut + between(0, 40, random)),
    '',
  ]
  return text.slice(0, from) + (pick(inserted, random) ?? '') + text.slice(to)
}

/** One value of a JSON text is replaced, dropped, doubled or named otherwise; `null` for what is no JSON. */
function mutateJson(text: string, random: () => number): string | null {
  let value: Json
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return JSON.stringify(changedAt(value, random)) ?? null
}

function changedAt(value: Json, random: () => number): Json {
  if (Array.isArray(value) && value.length > 0 && random() < 0.9) return changedArray(value, random)
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && random() < 0.9) {
    const keys = Object.keys(value)
    if (keys.length > 0) return changedObject(value, keys, random)
  }
  return otherThan(value, random)
}

function changedArray(value: readonly Json[], random: () => number): Json[] {
  const place = between(0, value.length - 1, random)
  const item = value[place] ?? null
  const how = random()
  if (how < 0.1) return value.toSpliced(place, 1)
  if (how < 0.2) return value.toSpliced(place, 0, item)
  return value.with(place, changedAt(item, random))
}

function changedObject(value: { [key: string]: Json }, keys: readonly string[], random: () => number): Json {
  const key = pick(keys, random) ?? ''
  const { [key]: old = null, ...rest } = value
  const how = random()
  if (how < 0.1) return rest
  if (how < 0.2) return { ...value, [pick(nastyTexts, random) ?? '']: old }
  return { ...value, [key]: changedAt(old, random) }
}

function otherThan(value: Json, random: () => number): Json {
  if (typeof value === 'number' && random() < 0.5) {
    return pick([value + 1, value - 1, -value, value * 2, value / 3, value * 1e6, 0], random) ?? 0
  }
  if (typeof value === 'string' && random() < 0.5) return mutateText(value, [], random)
  const nasty: unknown = pick(nastyValues, random)
  return JSON.parse(JSON.stringify(nasty ?? null))
}
