import { FileButton } from '../controls/FileButton.tsx'
import { importRunFile } from '../run/runActions.ts'

/** Brings in a JSON export from another lab. */
export function ImportButton() {
  return <FileButton title="Import a JSON export" onFile={importRunFile} />
}
