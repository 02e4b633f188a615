import { fail, reasonOf } from '../../contract/error.ts'
import { makeFolder } from '../../db/makeFolder.ts'
import { privateFolderMode } from '../../db/privateFiles.ts'

/** Makes a folder of the lab's, for its person alone, with every folder above it. @throws LabFailure `store-failed`. */
export function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder, privateFolderMode)
  } catch (thrown) {
    fail(
      'store-failed',
      `the data folder ${folder} cannot be made: ${reasonOf(thrown)}`,
      'Set DMABUF_LAB_HOME to a folder that can be written.',
      thrown,
    )
  }
}
