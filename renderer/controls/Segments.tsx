type Option<V> = { readonly value: V; readonly title: string }

type Props<V> = {
  readonly label: string
  readonly options: ReadonlyArray<Option<V>>
  readonly chosen: V
  readonly onChoose: (value: V) => void
}

/** A choice among a few, all of them in view. */
export function Segments<V extends string | number>({ label, options, chosen, onChoose }: Props<V>) {
  return (
    <fieldset className="segments" aria-label={label}>
      {options.map(({ value, title }) => (
        <button type="button" key={value} aria-pressed={value === chosen} onClick={() => onChoose(value)}>
          {title}
        </button>
      ))}
    </fieldset>
  )
}
