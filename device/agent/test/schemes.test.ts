import { expect, test } from 'vitest'
import { schemeCatalogue } from '../../../contract/schemes.ts'
import { schemesLineSchema } from '../../../engine/agent/lines.ts'
import { buildAgent, hostAgentArch } from '../build.ts'
import { lastLine, runAgent } from './agentRun.ts'

test('the agent knows the schemes of the contract, all of them and the same of each', async () => {
  const binary = await buildAgent({ arch: hostAgentArch() ?? 'x86_64' })
  const { schemes } = schemesLineSchema.parse(lastLine(await runAgent({ binary }, ['schemes'])))
  const told = Object.keys(schemes[0] ?? {})
  const expected = schemeCatalogue.map(scheme => picked(scheme, told))
  expect(schemes.map((scheme, place) => picked(scheme, Object.keys(expected[place] ?? {})))).toEqual(expected)
})

function picked(row: object, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key]) => keys.includes(key)))
}
