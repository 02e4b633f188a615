/**
 * What steers a terminal, a reader's eye or a line's end instead of being read: control characters (Cc), format
 * characters such as bidirectional marks and zero-width spaces (Cf), line and paragraph separators, lone surrogates.
 * The joiners of emoji and of Indic and Persian words stay: they are part of what is read.
 */
const steering = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * For a person: text of a file, an import or a device as one line that shows what is in it, `\u001b` for an escape
 * character. The notation is JSON's, so that JSON stays JSON and means the same.
 */
export function visibleText(text: string): string {
  return text.replaceAll(steering, inHex)
}

/** The same for a text of several lines, whose ends and tabs are its own. */
export function visibleLines(text: string): string {
  return text.replaceAll(steering, found => (found === '\n' || found === '\t' ? found : inHex(found)))
}

/** For a program that reads JSON, and for the person who looks at it in a terminal: on one line. */
export function jsonText(value: unknown): string {
  return visibleText(JSON.stringify(value))
}

/** For Markdown: text in a line or a table's cell, that ends neither and becomes no markup. */
export function markdownText(text: string): string {
  return visibleText(text.replaceAll(/\s+/g, ' ')).replaceAll(/[\\|`*<>[\]&~]|\b_\B|\B_\b/g, '\\$&')
}

const namedCharacters = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])

/** For HTML and SVG: text of an element or of a quoted attribute, that is never markup. */
export function markupText(text: string): string {
  return visibleLines(text).replaceAll(/[&<>"']/g, found => namedCharacters.get(found) ?? found)
}

/** For a shell: one word of a command line that a person reads before they run it. */
export function shellText(text: string): string {
  const visible = visibleText(text)
  return /^[\w@%+=:,./-]+$/.test(visible) ? visible : `'${visible.replaceAll("'", `'\\''`)}'`
}

/**
 * What a spreadsheet takes for a formula at a cell's start. Where it cuts cells at semicolons, as it does in countries
 * with a decimal comma, one begins behind each.
 */
const formulaStart = /(?<=^|[;\t\n])(?= {0,8}[=+\-@\t\r＝＋－＠])/g

/** Most fields: nothing in them steers, ends a field or begins a formula. */
const plainField = /^[\p{L}\p{N}][\p{L}\p{N} .:/_()-]*$/u

/** For a spreadsheet: a field after RFC 4180, in which text never is a formula; the apostrophe says so. */
export function csvText(text: string): string {
  if (text === '' || plainField.test(text)) return text
  const lines = text.replaceAll(formulaStart, "'").split('\r\n')
  const plain = lines.map(visibleLines).join('\r\n')
  return /[",\n\t]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

function inHex(found: string): string {
  return Array.from({ length: found.length }, (_, place) => unitInHex(found.charCodeAt(place))).join('')
}

function unitInHex(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
