import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const packageFolder = join(import.meta.dirname, '..', 'node_modules', 'electron')

/**
 * Electron's own program, or `null` where its runtime is not on this machine. As in electron's index.js:
 * `ELECTRON_OVERRIDE_DIST_PATH` names another folder of the runtime, whose program has the platform's name unless
 * path.txt says otherwise.
 */
export function electronProgram(
  environment: NodeJS.ProcessEnv = process.env,
  folder: string = packageFolder,
): string | null {
  const pathFile = join(folder, 'path.txt')
  const said = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : null
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH
  const program =
    override !== undefined && override !== ''
      ? join(override, said ?? 'electron')
      : said === null
        ? null
        : join(folder, 'dist', said)
  return program !== null && existsSync(program) ? program : null
}
