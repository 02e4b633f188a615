import type { Command } from 'commander'
import { ceilingText } from '../../findings/words/ceilingText.ts'
import { callLab } from '../lab/serveCall.ts'
import { addSiteCommand } from './siteCommand.ts'

export function addCeilingCommand(program: Command): void {
  addSiteCommand(program, {
    name: 'ceiling',
    description: "measure a target's best sequential direct read",
    ask: (lab, site) => callLab(lab.handlers, 'targets', 'ceiling', site),
    text: ceilingText,
  })
}
