import { buildAgents } from './agents.mjs'
import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
buildAgents()
becomePinned('main/cli/index.ts', process.argv.slice(2))
