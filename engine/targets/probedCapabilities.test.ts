import { describe, expect, it } from 'vitest'
import { requirementIds } from '../../contract/schemes.ts'
import { whyNot } from '../../contract/target.ts'
import { type AllocAndReadWay, allocAndReadWays, probeLineSchema } from '../agent/lines.ts'
import { scriptedTarget } from '../run/scriptedTarget.ts'
import { probedCapabilities } from './probedCapabilities.ts'

/** What the lab makes of a probe that met every requirement, on a kernel with these ways alone. */
async function capabilitiesWith(ways: readonly AllocAndReadWay[]) {
  const scripted = await scriptedTarget({}).probe(
    { directory: null, heap: 'system' },
    new AbortController().signal,
  )
  const { architecture, ...environment } = scripted.environment
  const line = probeLineSchema.parse({
    v: 3,
    type: 'probe',
    ...environment,
    arch: architecture,
    requirements: Object.fromEntries(requirementIds.map(id => [id, ''])),
    allocAndRead: Object.fromEntries(allocAndReadWays.map(way => [way, ways.includes(way) ? '' : 'no'])),
    notes: [],
  })
  return probedCapabilities({ id: 'local', title: () => 'a machine' }, line)
}

const overlapsOnly = "this kernel's patch reads while it allocates: read-sync-* needs the kernel module"
const serialOnly = "this kernel's patch reads when all is allocated: read-async-* needs the kernel module"

describe('an in-kernel scheme', () => {
  it.each([
    { ways: ['module'], sync: null, async: null },
    { ways: ['heap-ioctl'], sync: overlapsOnly, async: null },
    { ways: ['heap-flag-async'], sync: overlapsOnly, async: null },
    { ways: ['heap-flag-sync'], sync: null, async: serialOnly },
    { ways: ['heap-flag-sync', 'module'], sync: null, async: null },
  ] as const)('has what it needs, or says what is missing, with $ways', async ({ ways, sync, async }) => {
    const capabilities = await capabilitiesWith(ways)
    expect(whyNot(capabilities, 'read-sync-direct')).toBe(sync)
    expect(whyNot(capabilities, 'read-async-buffered')).toBe(async)
    expect(whyNot(capabilities, 'normal')).toBeNull()
  })
})
