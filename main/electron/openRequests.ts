import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'

/** What another start of the lab, a link, a dropped or a chosen file asks for. */
export type OpenRequest =
  | { readonly type: 'run'; readonly uuid: string }
  /** An export of a run, to be brought into the history. */
  | { readonly type: 'runFile'; readonly path: string }
  /** A file to load. */
  | { readonly type: 'modelFile'; readonly path: string }

export const linkScheme = 'dmabuf-lab'

/** A start of the lab as the first instance hears of it. */
export const startSchema = z.object({ words: z.array(z.string()), directory: z.string() })
export type Start = z.infer<typeof startSchema>

/** What the words of a command line ask for; options, and links that are not ours, ask for nothing. */
export function requestsOf({ words, directory }: Start): OpenRequest[] {
  return words.flatMap(word => {
    if (word === '' || word.startsWith('-')) return []
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(word)) return requestOfLink(word) ?? []
    return [requestOfFile(isAbsolute(word) ? word : resolve(directory, word))]
  })
}

/** `dmabuf-lab://run/UUID`, and nothing else. */
export function requestOfLink(text: string): OpenRequest | null {
  const link = URL.parse(text)
  if (link === null || link.protocol !== `${linkScheme}:` || link.host !== 'run') return null
  const uuid = z.uuid().safeParse(link.pathname.replace(/^\/|\/$/g, ''))
  return uuid.success ? { type: 'run', uuid: uuid.data.toLowerCase() } : null
}

/** An export under a name of its own is opened by the lab where the system decides by the name's end. */
export const runExtension = 'labrun'

/** A model is never JSON, and an export always is. */
export function requestOfFile(path: string): OpenRequest {
  const isRun = ['.json', `.${runExtension}`].some(end => path.toLowerCase().endsWith(end))
  return isRun ? { type: 'runFile', path } : { type: 'modelFile', path }
}
