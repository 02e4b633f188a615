import { ensureCompilersAndAgents } from './agents.mjs'
import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
ensureCompilersAndAgents()
becomePinned('scripts/dev.ts', process.argv.slice(2))
