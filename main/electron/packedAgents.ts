import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { PackedAgents } from '../lab/paths.ts'

const hashesSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
/** Beside the bundle, inside the archive whose integrity Electron checks; the agents lie outside of it. */
const hashesName = 'agentHashes.json'

/**
 * The agents of a package: programs beside the archive, since nothing inside one can be started. `undefined` in a
 * checkout, which builds its own.
 */
export function packedAgents(builtDirectory: string, resourcesDirectory: string): PackedAgents | undefined {
  const hashes = join(builtDirectory, hashesName)
  if (!existsSync(hashes)) return undefined
  return {
    directory: join(resourcesDirectory, 'agents'),
    hashes: hashesSchema.parse(JSON.parse(readFileSync(hashes, 'utf8'))),
  }
}
