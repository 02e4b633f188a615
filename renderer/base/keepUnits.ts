/** Prose in which no line breaks between a number and its unit. */
export function keepUnits(text: string): string {
  return text.replace(/(\d) (?=(?:[kMG]?B\/s|[KMGT]i?B|B|ns|µs|ms|s)\b|%)/g, '$1\u00a0')
}
