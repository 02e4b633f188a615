import { z } from 'zod'
import { comparisonExportRequest } from './comparison.ts'
import type { Outcome } from './error.ts'
import { exportFormatSchema, exportRequest, runIdSchema } from './run.ts'
import { MiB } from './size.ts'

const nothing = z.strictObject({})
export const themeChoices = ['system', 'light', 'dark'] as const
export const themeChoiceSchema = z.enum(themeChoices)
export type ThemeChoice = z.infer<typeof themeChoiceSchema>

/**
 * What only the desktop shell can do for its page, beside the table of every shell's calls. No path goes from the page
 * to the shell: what is read, written and shown is what a person chose in a dialog.
 */
export const desktopCalls = {
  /** Asks where, and writes the export there; `null` where the person thought better of it. */
  saveRun: {
    input: z.strictObject({ runId: runIdSchema, ...exportRequest }),
    output: z.strictObject({ file: z.string().nullable() }),
  },
  /** Puts an export on the clipboard. */
  copyRun: { input: z.strictObject({ runId: runIdSchema, ...exportRequest }), output: nothing },
  /** The same for a comparison. */
  saveComparison: {
    input: z.strictObject(comparisonExportRequest),
    output: z.strictObject({ file: z.string().nullable() }),
  },
  copyComparison: { input: z.strictObject(comparisonExportRequest), output: nothing },
  /** Asks where, and writes a picture there that the page drew of an export; `null` where the person thought better of it. */
  savePicture: {
    input: z.strictObject({
      fileName: z.string().regex(/^[\w-]+\.png$/),
      png: z
        .base64()
        .max(64 * MiB)
        .startsWith('iVBORw0KGgo', 'is no PNG'),
    }),
    output: z.strictObject({ file: z.string().nullable() }),
  },
  /** Shows the file that was saved last in the platform's file manager. */
  showSaved: { input: nothing, output: nothing },
  /** Asks for a file to load; `null` where the person thought better of it. */
  chooseFile: { input: nothing, output: z.strictObject({ path: z.string().nullable() }) },
  /** Menus and dialogs follow the page's colours. */
  setTheme: { input: z.strictObject({ choice: themeChoiceSchema }), output: nothing },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>

/** What a menu, a dropped file or another start of the lab asks of the page. */
export const desktopCommandSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('start') }),
  z.strictObject({ name: z.literal('cancel') }),
  /** The view with this place in the rail, from 1. */
  z.strictObject({ name: z.literal('view'), digit: z.number().int().min(1).max(9) }),
  z.strictObject({ name: z.literal('openRun'), runId: runIdSchema }),
  z.strictObject({ name: z.literal('useFile'), path: z.string().min(1) }),
  /** Of the run that is open. */
  z.strictObject({ name: z.literal('export'), format: exportFormatSchema }),
  z.strictObject({ name: z.literal('copy'), format: exportFormatSchema }),
  z.strictObject({ name: z.literal('resume') }),
  z.strictObject({ name: z.literal('compare') }),
  z.strictObject({ name: z.literal('delete') }),
  z.strictObject({ name: z.literal('theme'), choice: themeChoiceSchema }),
  /** Something to say that no call asked for. */
  z.strictObject({
    name: z.literal('tell'),
    tone: z.enum(['info', 'bad']),
    message: z.string(),
    hint: z.string(),
  }),
])
export type DesktopCommand = z.infer<typeof desktopCommandSchema>

export type DesktopCallName = keyof typeof desktopCalls
export type DesktopInput<C extends DesktopCallName> = z.output<(typeof desktopCalls)[C]['input']>
export type DesktopOutput<C extends DesktopCallName> = z.output<(typeof desktopCalls)[C]['output']>

/** `window.desktop`; there in the desktop shell alone. */
export type Desktop = {
  readonly [C in DesktopCallName]: (input: DesktopInput<C>) => Promise<Outcome<DesktopOutput<C>>>
} & {
  /** Returns the unsubscribe. */
  readonly onCommand: (listener: (command: DesktopCommand) => void) => () => void
}

export type DesktopHandlers = {
  readonly [C in DesktopCallName]: (input: DesktopInput<C>) => DesktopOutput<C> | Promise<DesktopOutput<C>>
}

export const desktopCallNames = Object.keys(desktopCalls).filter(
  (name): name is DesktopCallName => name in desktopCalls,
)

/** Channels over Electron's IPC. */
export const desktopCallChannel = (call: string) => `desktop:call:${call}`
export const desktopCommandChannel = 'desktop:command'
/** From the preload alone: the paths of files that a person dropped on the window. */
export const droppedFilesChannel = 'desktop:dropped'
/** From the preload alone: the page listens to commands, or no longer does. */
export const listensChannel = 'desktop:listens'
