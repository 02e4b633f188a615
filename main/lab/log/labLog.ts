import { visibleText } from '../../../findings/words/foreignText.ts'
import type { LogFile } from './logFile.ts'

/** What a line is about: each part stands before its text as `name=value`. */
export type About = {
  readonly target?: string
  /** What an engine process without a target is for. */
  readonly task?: string
  /** See {@link runTag}. */
  readonly run?: string
  /** The pid of an engine process. */
  readonly engine?: number
}

/** What a lab notes down. Lines read `<time> [<pid of the lab>] run=7-0b1c2d3e target="adb:X" <text>`. */
export class LabLog {
  /** Also what is of use for finding a fault only: every line between engine and agent. */
  readonly isVerbose: boolean
  readonly #file: LogFile

  constructor(file: LogFile, isVerbose: boolean) {
    this.#file = file
    this.isVerbose = isVerbose
  }

  /** Where to look for more; `null` where it cannot be written, as on a full disk. */
  get path(): string | null {
    return this.#file.isKept ? this.#file.path : null
  }

  note(text: string, { run, target, task, engine }: About = {}): void {
    const about = [
      ...(run === undefined ? [] : [`run=${run}`]),
      ...(target === undefined ? [] : [`target=${JSON.stringify(target)}`]),
      ...(task === undefined ? [] : [`task=${task}`]),
      ...(engine === undefined ? [] : [`engine=${engine}`]),
    ]
    const line = [new Date().toISOString(), `[${process.pid}]`, ...about, text].join(' ')
    this.#file.append(visibleText(line))
  }

  close(): void {
    this.#file.close()
  }
}

/** A run's number and the start of its uuid, as its exports are called: several databases may share one log. */
export function runTag({ id, uuid }: { readonly id: number; readonly uuid: string }): string {
  return `${id}-${uuid.slice(0, 8)}`
}

/** Whether a line is about the run of that number or tag. */
export function isAboutRun(line: string, run: string): boolean {
  const tag = / \[\d+\] run=(\S+) /.exec(line)?.[1]
  return tag !== undefined && (tag === run || tag.split('-')[0] === run)
}
