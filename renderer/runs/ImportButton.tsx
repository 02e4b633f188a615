import { importRunFile } from '../run/runActions.ts'

/** Brings in a JSON export from another lab. */
export function ImportButton() {
  return (
    <label className="button">
      Import a JSON export
      <input
        className="unseen"
        type="file"
        accept="application/json,.json"
        onChange={async event => {
          const input = event.currentTarget
          const file = input.files?.[0]
          if (file !== undefined) await importRunFile(file)
          input.value = ''
        }}
      />
    </label>
  )
}
