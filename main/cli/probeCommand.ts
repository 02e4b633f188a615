import type { Command } from 'commander'
import type { Capabilities, SchemeStatus } from '../../contract/target.ts'
import { callLab } from '../lab/serveCall.ts'
import { environmentText } from './environmentText.ts'
import { addSiteCommand } from './siteCommand.ts'
import { type Column, formatTable } from './table.ts'

export function addProbeCommand(program: Command): void {
  addSiteCommand(program, {
    name: 'probe',
    description: 'say what a target is, and which schemes can run there',
    ask: (lab, site) => callLab(lab.handlers, 'targets', 'probe', site),
    text: probeText,
  })
}

function probeText(capabilities: Capabilities): string {
  const blocks = [
    environmentText(capabilities),
    formatTable(columns, capabilities.schemes),
    capabilities.notes.join('\n'),
  ]
  return blocks.filter(block => block !== '').join('\n\n')
}

const columns: Column<SchemeStatus>[] = [
  { title: 'scheme', align: 'left', text: status => status.scheme },
  { title: 'can run', align: 'left', text: status => (status.can ? 'yes' : 'no') },
  { title: 'why not', align: 'left', text: status => status.why },
]
