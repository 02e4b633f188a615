import type { Command } from 'commander'
import type { Ceiling } from '../../contract/target.ts'
import { rateText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { callLab } from '../lab/serveCall.ts'
import { addPlaceCommand } from './placeCommand.ts'

export function addCeilingCommand(program: Command): void {
  addPlaceCommand(program, {
    name: 'ceiling',
    description: "measure a target's best sequential direct read",
    ask: (lab, place) => callLab(lab.handlers, 'targets', 'ceiling', place),
    text: ceilingText,
  })
}

function ceilingText({ bytesPerSecond, bytes, ns, blockBytes, depth, method }: Ceiling): string {
  const how = `${sizeText(bytes)} in ${timeText(ns)}, ${sizeText(blockBytes)} blocks, depth ${depth}, ${method}`
  return `${rateText(bytesPerSecond)} (${how})`
}
