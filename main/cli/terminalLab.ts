import { z } from 'zod'
import type { LabApplication } from '../lab/lab.ts'
import { type LabPlace, openLab } from '../lab/openLab.ts'
import { note } from './terminal.ts'
import { terminalPlace } from './terminalPlace.ts'

/** Options that every command takes. */
export const commonOptions = z.object({
  db: z.string().min(1, 'name a file').optional(),
  verbose: z.boolean().optional(),
})
export type CommonOptions = z.infer<typeof commonOptions>

/** Opens the lab, says its notices, and closes it after `use`, whatever came of it. */
export async function withLab<T>(
  { db, verbose }: CommonOptions,
  use: (lab: LabApplication) => Promise<T>,
  shell: LabPlace['shell'] = 'terminal',
): Promise<T> {
  const { lab, close } = openLab({
    ...terminalPlace(),
    shell,
    ...(db === undefined ? {} : { databaseFile: db }),
    ...(verbose === undefined ? {} : { verbose }),
  })
  try {
    for (const notice of lab.notices) note(notice)
    return await use(lab)
  } finally {
    await close()
  }
}
