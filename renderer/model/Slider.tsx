import { memo } from 'react'

type Props = {
  readonly title: string
  readonly value: number
  readonly text: string
  readonly min: number
  readonly max: number
  /** How far along a doubling one step goes. */
  readonly stepsPerDoubling?: number
  readonly changed?: boolean
  readonly onChange: (value: number) => void
}

/** A slider on a log scale, with its value in words. */
export const LogSlider = memo((props: Props) => {
  const { title, value, text, min, max, stepsPerDoubling = 8, changed, onChange } = props
  const position = (of: number) => Math.log2(of / min)
  return (
    <label className={changed ? 'knob changed' : 'knob'}>
      <span>{title}</span>
      <b>{text}</b>
      <input
        type="range"
        min={0}
        max={position(max)}
        step={1 / stepsPerDoubling}
        value={position(value)}
        aria-valuetext={text}
        onChange={event => onChange(min * 2 ** Number(event.target.value))}
      />
    </label>
  )
})

/** A slider on an even scale. */
export const EvenSlider = memo(({ title, value, text, min, max, changed, onChange }: Props) => {
  return (
    <label className={changed ? 'knob changed' : 'knob'}>
      <span>{title}</span>
      <b>{text}</b>
      <input
        type="range"
        min={min}
        max={max}
        value={value}
        aria-valuetext={text}
        onChange={event => onChange(Number(event.target.value))}
      />
    </label>
  )
})
