import { resolve } from 'node:path'

/** For tests: where `node device/agent/build.ts` puts the agents. */
export const builtAgentDirectory = resolve(import.meta.dirname, '../../out/agent')
