import type { Command } from 'commander'
import { formatSize } from '../../contract/size.ts'
import type { Ceiling } from '../../contract/target.ts'
import { rateText, timeText } from '../../engine/stats/figureText.ts'
import { callLab } from '../lab/serveCall.ts'
import { addPlaceCommand } from './placeCommand.ts'

export function addCeilingCommand(program: Command): void {
  addPlaceCommand(program, {
    name: 'ceiling',
    description: "measure a target's best sequential direct read",
    ask: (lab, place) => callLab(lab.handlers, 'measureCeiling', place),
    text: ceilingText,
  })
}

function ceilingText({ bytesPerSecond, bytes, ns, blockBytes, depth, method, simulated }: Ceiling): string {
  const how = `${formatSize(bytes)} in ${timeText(ns)}, ${formatSize(blockBytes)} blocks, depth ${depth}, ${method}`
  return `${rateText(bytesPerSecond)} (${how})${simulated ? ', simulated' : ''}`
}
