export type TimelineCommand =
  | { readonly name: 'zoom'; readonly factor: number }
  /** By a share of what is in sight; below 0 is earlier. */
  | { readonly name: 'move'; readonly share: number }
  | { readonly name: 'whole' }
  | { readonly name: 'measure' }
  | { readonly name: 'keys' }
  | { readonly name: 'leave' }

const step = 0.15
const nearer = 0.8

const commands = new Map<string, TimelineCommand>(
  Object.entries({
    w: { name: 'zoom', factor: nearer },
    arrowup: { name: 'zoom', factor: nearer },
    s: { name: 'zoom', factor: 1 / nearer },
    arrowdown: { name: 'zoom', factor: 1 / nearer },
    a: { name: 'move', share: -step },
    arrowleft: { name: 'move', share: -step },
    d: { name: 'move', share: step },
    arrowright: { name: 'move', share: step },
    f: { name: 'whole' },
    m: { name: 'measure' },
    '?': { name: 'keys' },
    escape: { name: 'leave' },
  } as const satisfies Record<string, TimelineCommand>),
)

/** What each key of a timeline does, for people. */
export const timelineKeys: ReadonlyArray<readonly [keys: string, does: string]> = [
  ['W S or ↑ ↓', 'zoom in and out'],
  ['A D or ← →', 'move'],
  ['F', 'fit the whole load'],
  ['M', 'set the first cursor, then the second: measures between them'],
  ['Esc', 'take the cursors back'],
  ['?', 'show or hide these keys'],
  ['drag, wheel', 'move, and zoom while the timeline has the focus'],
]

/** The command of a key, as `KeyboardEvent.key` names it; `null` for any other, and with Ctrl, Alt or Meta. */
export function timelineCommand(press: {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
}): TimelineCommand | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null
  return commands.get(press.key.toLowerCase()) ?? null
}
