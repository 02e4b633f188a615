import { join } from 'node:path'
import { dataDirectoryOf } from '../lab/paths.ts'

/** Where the desktop shell keeps its own things: below the data folder, so that each data folder has its own. */
export type DesktopPaths = {
  readonly dataDirectory: string
  /** Chromium's folder: the lock, the page's storage. */
  readonly userData: string
  readonly windowFile: string
}

export function desktopPaths(environment: NodeJS.ProcessEnv): DesktopPaths {
  const dataDirectory = dataDirectoryOf(environment)
  const userData = join(dataDirectory, 'desktop')
  return {
    dataDirectory,
    userData,
    windowFile: join(userData, 'window.json'),
  }
}
