import type { Timed } from '../../findings/cells.ts'

/** What a chart does with the sample that was clicked: open it, or pin it. */
export type OpenSample = (sample: Timed, pin: boolean) => void
