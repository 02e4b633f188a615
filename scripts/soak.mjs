import { ensureCompilersAndAgents } from './agents.mjs'
import { ensurePrograms } from './debian.mjs'
import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
ensurePrograms(['chromium'])
ensureCompilersAndAgents()
becomePinned('scripts/soak.ts', process.argv.slice(2))
