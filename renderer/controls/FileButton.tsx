type Props = { readonly title: string; readonly onFile: (file: File) => Promise<void> }

/** Asks for a JSON file of the person's. The same file can be chosen again afterwards. */
export function FileButton({ title, onFile }: Props) {
  return (
    <label className="button">
      {title}
      <input
        className="unseen"
        type="file"
        accept="application/json,.json"
        onChange={async event => {
          const input = event.currentTarget
          const file = input.files?.[0]
          if (file !== undefined) await onFile(file)
          input.value = ''
        }}
      />
    </label>
  )
}
