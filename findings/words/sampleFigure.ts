import { sizeText, timeText } from './figureText.ts'

/** A further figure of a sample as people read it: `residentBytesBefore` of 4096 is `resident before` of 4 KiB. */
export function sampleFigure(name: string, value: number): { readonly title: string; readonly text: string } {
  const words = name.replace(/([A-Z])/g, ' $1').toLowerCase()
  if (/ ns$/.test(words)) return { title: words.replace(/ ns$/, ''), text: timeText(value) }
  if (/ bytes\b/.test(words)) return { title: words.replace(' bytes', ''), text: sizeText(value) }
  return { title: words, text: String(value) }
}
