import { adbServers } from './adbServers.ts'
import { agentLines } from './agentLines.ts'
import { calls } from './calls.ts'
import type { Door } from './door.ts'
import { imports } from './imports.ts'
import { profiles } from './profiles.ts'
import { scenarios } from './scenarios.ts'
import { words } from './words.ts'

export const allDoors: readonly Door[] = [agentLines, adbServers, imports, profiles, calls, words, scenarios]
