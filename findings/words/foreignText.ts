/**
 * What steers a terminal, a reader's eye or a line's end instead of being read: control characters (Cc), format
 * characters such as bidirectional marks and zero-width spaces (Cf), line and paragraph separators, lone surrogates.
 * The joiners of emoji and of Indic and Persian words stay: they are part of what is read.
 */
const steering = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * Text of a file, an import or a device as one line that shows what is in it: `\u001b` for an escape character. The
 * notation is JSON's, so that JSON stays JSON and means the same.
 */
export function visibleText(text: string): string {
  return text.replaceAll(steering, inHex)
}

/** The same for a text of several lines, whose ends and tabs are its own. */
export function visibleLines(text: string): string {
  return text.replaceAll(steering, found => (found === '\n' || found === '\t' ? found : inHex(found)))
}

function inHex(found: string): string {
  return Array.from({ length: found.length }, (_, place) => unitInHex(found.charCodeAt(place))).join('')
}

function unitInHex(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
