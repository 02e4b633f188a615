import type { Judgement } from '../../locks/judge.ts'
import { nodeHeight, nodeWidth, orderLayout } from './orderLayout.ts'

/** The order graph of one annotation: classes, who was held when who was taken, and the circle that is reported. */
export function OrderGraph({ judgement }: { judgement: Judgement }) {
  const { orders, report, annotation } = judgement
  const { width, height, nodes, arrows } = orderLayout(judgement)
  if (nodes.length === 0)
    return <p>Annotated as {annotation}, no lock is taken while another is held: there is no order.</p>
  return (
    <>
      <p className={report === null ? '' : 'bad'}>
        {report === null
          ? 'lockdep reports nothing.'
          : `lockdep reports a ${report.kind} dependency: ${report.classes.join(' → ')}, closed by ${report.thread}: ${report.step}.`}
      </p>
      <svg
        className="order-graph"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${orders.length} orders between ${nodes.length} lock classes`}
      >
        <defs>
          <marker
            id="order-head"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            orient="auto"
          >
            <path d="M0 0L8 4L0 8z" />
          </marker>
          <marker
            id="reported-head"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            orient="auto"
            className="reported"
          >
            <path d="M0 0L8 4L0 8z" />
          </marker>
        </defs>
        {arrows.map(({ path, reported, title }) => (
          <path
            key={title}
            className={reported ? 'arrow reported' : 'arrow'}
            d={path}
            markerEnd={`url(#${reported ? 'reported' : 'order'}-head)`}
          >
            <title>{title}</title>
          </path>
        ))}
        {nodes.map(({ name, x, y }) => (
          <g key={name}>
            <rect
              className="node"
              x={x - nodeWidth / 2}
              y={y - nodeHeight / 2}
              width={nodeWidth}
              height={nodeHeight}
              rx="4"
            />
            <text x={x} y={y}>
              {name.length > 24 ? `${name.slice(0, 23)}…` : name}
            </text>
          </g>
        ))}
      </svg>
      <table aria-label="Orders">
        <thead>
          <tr>
            <th scope="col">held</th>
            <th scope="col">taken</th>
            <th scope="col">first by</th>
          </tr>
        </thead>
        <tbody>
          {orders.map(({ from, to, fromMode, toMode, thread, step }) => (
            <tr key={`${from} ${to} ${fromMode} ${toMode}`}>
              <td>{sideText(from, fromMode)}</td>
              <td>{sideText(to, toMode)}</td>
              <td>
                {thread}: {step}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function sideText(name: string, mode: string): string {
  return mode === 'write' ? name : `${name} (${mode})`
}
