import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { PackedAgents } from './paths.ts'

const hashesSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
/** Beside the bundle, inside the archive whose integrity Electron checks; the agents lie outside of it. */
const hashesName = 'agentHashes.json'

/** The agents of a package: programs beside the archive, since nothing inside one can be started. */
export function packedAgents(builtDirectory: string, resourcesDirectory: string): PackedAgents {
  const hashes = JSON.parse(readFileSync(join(builtDirectory, hashesName), 'utf8'))
  return { directory: join(resourcesDirectory, 'agents'), hashes: hashesSchema.parse(hashes) }
}
