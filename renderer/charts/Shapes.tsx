import { lineHeight, type Shape } from '../../findings/drawing/shapes.ts'

/** The elements of a drawing, inside an SVG. */
export function Shapes({ shapes }: { shapes: readonly Shape[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: a drawing is made anew as a whole
  return shapes.map((shape, index) => <Element key={`${shape.tag}${index}`} shape={shape} />)
}

function Element({ shape: { tag: Tag, kind, at, lines, title } }: { shape: Shape }) {
  return (
    <Tag className={kind} {...at}>
      {title !== undefined && <title>{title}</title>}
      {lines?.map((line, index) => (
        <tspan key={line.text} className={line.kind} x={at.x} dy={index === 0 ? undefined : lineHeight}>
          {line.text}
        </tspan>
      ))}
    </Tag>
  )
}
