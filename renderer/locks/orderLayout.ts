import type { Judgement } from '../../locks/judge.ts'

export type Node = { readonly name: string; readonly x: number; readonly y: number }
/** `reported`: it is part of the circle that lockdep reports. */
export type Arrow = { readonly path: string; readonly reported: boolean; readonly title: string }
export type OrderLayout = {
  readonly width: number
  readonly height: number
  readonly nodes: readonly Node[]
  readonly arrows: readonly Arrow[]
}

const width = 640
const rowHeight = 64
const boxHeight = 26

export const nodeWidth = 180
export const nodeHeight = boxHeight

/** The classes on a ring, an arrow from the lock that was held to the one that was taken; in pixels. */
export function orderLayout({ orders, report }: Judgement): OrderLayout {
  const circle = report?.classes ?? []
  const names = [...new Set([...orders.flatMap(({ from, to }) => [from, to]), ...circle])]
  const height = Math.max(2, Math.ceil(names.length / 2) + 1) * rowHeight
  const nodes = names.map((name, index) => placed(name, index, names.length, height))
  const at = (name: string) => nodes.find(node => node.name === name)
  const closing = circle.slice(1).map((to, index) => [circle[index] ?? to, to] as const)
  const isReported = (from: string, to: string) => closing.some(([a, b]) => a === from && b === to)
  const kept = orders.map(({ from, to, thread, step }) => ({ from, to, title: `${thread}: ${step}` }))
  const missing = closing
    .filter(([from, to]) => !kept.some(order => order.from === from && order.to === to))
    .map(([from, to]) => ({ from, to, title: report === null ? '' : `${report.thread}: ${report.step}` }))
  const apart = [...new Map([...kept, ...missing].map(one => [`${one.from}\n${one.to}`, one])).values()]
  const arrows = apart.flatMap(({ from, to, title }) => {
    const [a, b] = [at(from), at(to)]
    return a === undefined || b === undefined
      ? []
      : [{ path: arrowPath(a, b), reported: isReported(from, to), title: `${from} → ${to}, by ${title}` }]
  })
  return { width, height, nodes, arrows }
}

function placed(name: string, index: number, count: number, height: number): Node {
  const turn = (2 * Math.PI * index) / count - Math.PI / 2
  const reach = count === 1 ? 0 : 1
  return {
    name,
    x: width / 2 + reach * Math.cos(turn) * (width - nodeWidth - 40) * 0.5,
    y: height / 2 + reach * Math.sin(turn) * (height - boxHeight - 24) * 0.5,
  }
}

/** Bent to its right, so that two orders between the same classes are two arrows. */
function arrowPath(from: Node, to: Node): string {
  if (from === to) {
    const [x, y] = [from.x + nodeWidth / 2, from.y]
    return `M${x},${y - 6} C${x + 50},${y - 30} ${x + 50},${y + 30} ${x + 2},${y + 6}`
  }
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = Math.hypot(dx, dy)
  const [nx, ny] = [-dy / length, dx / length]
  const bend = 28
  const middle = { x: (from.x + to.x) / 2 + nx * bend, y: (from.y + to.y) / 2 + ny * bend }
  const start = onEdge(from, middle)
  const end = onEdge(to, middle)
  return `M${start.x},${start.y} Q${middle.x},${middle.y} ${end.x},${end.y}`
}

/** Where a line from a box's middle to `towards` leaves the box. */
function onEdge(node: Node, towards: { readonly x: number; readonly y: number }): { x: number; y: number } {
  const [dx, dy] = [towards.x - node.x, towards.y - node.y]
  const share = Math.min(
    nodeWidth / 2 / Math.max(Math.abs(dx), 1e-9),
    (boxHeight / 2 + 3) / Math.max(Math.abs(dy), 1e-9),
  )
  return { x: node.x + dx * share, y: node.y + dy * share }
}
